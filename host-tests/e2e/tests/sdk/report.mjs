// What one call of an SDK came to, as one JSON object: the same that `report.py` prints, for the Node scripts.
//
// `raised.package` is the SDK's own where the error's class is one of its classes, else `node`. A script ends with status 0
// whatever the SDK raised.
//
// Node finds the SDKs in the `node_modules` beside the script or above it, and nowhere else: to keep the repository clean, copy
// `package.json`, `package-lock.json` and the `.mjs` files into one folder of `target`, run `npm ci` there, and run them there.

export class Report {
  text = '';
  reasoning = '';
  tool_calls = [];
  events = 0;
  finish = null;
  usage = null;
  raised = null;
  // Tool calls of a stream that have begun: name and arguments by the key that the dialect gives them.
  #begun = new Map();

  /** One complete tool call; arguments as an object or as JSON text. */
  called(name, given) {
    this.tool_calls.push({ name, arguments: parsed(given) });
  }

  /** A piece of a streamed tool call. */
  callDelta(key, name, text) {
    const before = this.#begun.get(key) ?? { name: '', arguments: '' };
    this.#begun.set(key, { name: before.name + (name ?? ''), arguments: before.arguments + (text ?? '') });
  }

  /** The stream has ended well: what has begun is complete. */
  callsDone() {
    for (const call of this.#begun.values()) this.called(call.name, call.arguments);
    this.#begun.clear();
  }

  /** Forgets the deltas, before the whole answer that a helper of the SDK made of them is read. */
  answerAgain() {
    Object.assign(this, { text: '', reasoning: '', tool_calls: [] });
    this.#begun.clear();
  }

  failed(error, { typed, status, code, body, headers }) {
    this.raised = {
      class: error?.constructor?.name ?? typeof error,
      package: typed ?? 'node',
      status: status ?? null,
      code: code ?? null,
      message: String(error?.message ?? error),
      body: body ?? null,
      exchange: headers?.get('x-weir-exchange') ?? null,
      after_text: this.text,
      after_calls: [...this.#begun.values()],
    };
  }
}

function parsed(given) {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

/** Runs `call(report, url, what)` with the two arguments of the command line, and prints the report. */
export async function run(call, describe) {
  const [url, json] = process.argv.slice(2);
  const what = JSON.parse(json);
  what.prompt = what.prompt.repeat(what.repeat ?? 1);
  const report = new Report();
  try {
    await call(report, url, what);
  } catch (error) {
    report.failed(error, describe(error));
  }
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
