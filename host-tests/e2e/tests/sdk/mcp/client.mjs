// One conversation of the official MCP client for Node: argument 1 is the base URL, argument 2 what to do, as JSON.
// Prints what came of it as JSON. The words are those of mcp_client.py, without "mode" and "parallel"; "errors" is what
// the client reported besides.

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { setTimeout as sleep } from "node:timers/promises";

const [base, words] = process.argv.slice(2);
const what = JSON.parse(words);
const milliseconds = 1000 * (what.seconds ?? 10);
const told = { text: "", tool_calls: [], finish: null, usage: null, result: null, raised: null };
Object.assign(told, { notifications: [], errors: [] });

const raised = (error) => ({
  class: error.constructor.name,
  status: error.constructor.name === "McpError" ? null : (error.code ?? error.event?.code ?? null),
  code: error.constructor.name === "McpError" ? error.code : null,
  message: error.message,
  data: error.data ?? null,
});

function client() {
  const capabilities = { sampling: {}, elicitation: { form: {} }, roots: { listChanged: true } };
  const client = new Client({ name: "weir-e2e", version: "1.0.0" }, { capabilities });
  const answer = what.answer ?? "42";
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => {
    told.notifications.push({ kind: "sampling", params });
    return { role: "assistant", model: "mock-1", content: { type: "text", text: answer }, stopReason: "endTurn" };
  });
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    told.notifications.push({ kind: "elicitation", params });
    const names = Object.keys(params.requestedSchema?.properties ?? {});
    return { action: "accept", content: Object.fromEntries(names.slice(0, 1).map((name) => [name, answer])) };
  });
  client.setRequestHandler(ListRootsRequestSchema, () => {
    told.notifications.push({ kind: "roots" });
    return { roots: [{ uri: "file:///srv/notes", name: answer }] };
  });
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    told.notifications.push({ kind: "log", params });
  });
  client.onerror = (error) => told.errors.push(error.message);
  return client;
}

function operate(client) {
  const parameters = what.arguments ?? ("prompt" in what ? { text: what.prompt } : {});
  const onprogress = (progress) => told.notifications.push({ kind: "progress", ...progress });
  const options = { timeout: milliseconds, onprogress };
  switch (what.do) {
    case "tools":
      return client.listTools({}, options);
    case "resources":
      return client.listResources({}, options);
    case "prompts":
      return client.listPrompts({}, options);
    case "call":
      return client.callTool({ name: what.tool, arguments: parameters }, undefined, options);
    case "read":
      return client.readResource({ uri: what.uri }, options);
    case "get":
      return client.getPrompt({ name: what.name, arguments: parameters }, options);
    default:
      throw new Error(`\`do\` is unknown: \`${what.do}\``);
  }
}

const url = new URL(base + (what.path ?? (what.transport === "sse" ? "/sse" : "/mcp")));
const transport = what.transport === "sse" ? new SSEClientTransport(url) : new StreamableHTTPClientTransport(url);
const mcp = client();
try {
  await mcp.connect(transport, { timeout: milliseconds });
  await sleep(1000 * (what.settle ?? 0));
  try {
    told.result = await operate(mcp);
    const messages = told.result.messages?.map((message) => message.content) ?? [];
    const parts = told.result.content ?? told.result.contents ?? messages;
    told.text = parts.filter((part) => "text" in part).map((part) => part.text).join("\n");
    told.finish = told.result.isError ? "error" : "complete";
  } catch (error) {
    told.raised = { ...raised(error), after_text: told.notifications.length > 0 };
  }
  await sleep(1000 * (what.linger ?? 0));
  told.usable = await mcp.listPrompts({}, { timeout: milliseconds }).then(() => true, raised);
  await transport.terminateSession?.();
} catch (error) {
  told.raised = { ...raised(error), after_text: told.notifications.length > 0 };
}
await mcp.close();
told.events = told.notifications.length;
process.stdout.write(JSON.stringify(told));
