// What Node reads: a document in hexadecimal on each line of the input, an object of readings on each of the output.

import { createInterface } from "node:readline";

const parsers = {
  // As `express.json()` and most clients do.
  node: (document) => JSON.parse(document.toString("utf8")),
  // As `fetch` does: behind a byte order mark.
  fetch: (document) => new Response(document).json(),
};

async function read(parse, document) {
  let value;
  try {
    value = await parse(document);
  } catch {
    return null;
  }
  const texts = new Set(), numbers = new Set(), ahead = [[null, value]];
  while (ahead.length > 0) {
    const [key, value] = ahead.pop();
    if (typeof value === "string") {
      const inner = key === "arguments" ? inside(value) : undefined;
      if (inner === undefined) texts.add(value);
      else ahead.push([null, inner]);
    } else if (typeof value === "number") {
      numbers.add(String(value));
      if (Number.isInteger(value) && Math.abs(value) < 1e38) numbers.add(BigInt(value).toString());
    } else if (Array.isArray(value)) {
      for (const element of value) ahead.push([null, element]);
    } else if (value !== null && typeof value === "object") {
      for (const [key, member] of Object.entries(value)) {
        texts.add(key);
        ahead.push([key, member]);
      }
    }
  }
  return { texts: [...texts].map((text) => Buffer.from(text).toString("hex")), numbers: [...numbers] };
}

// The JSON in a string, as an agent reads the arguments of a tool call.
function inside(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const document = Buffer.from(line, "hex");
  const readings = {};
  for (const [name, parse] of Object.entries(parsers)) readings[name] = await read(parse, document);
  console.log(JSON.stringify(readings));
}
