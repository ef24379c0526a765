// OpenAI's npm SDK: `node openai.mjs BASE_URL JSON`, where BASE_URL ends in `/v1`.
//
// JSON: {"do": "plain" | "stream" | "tool" | "stream_tool", "prompt": "...", "api": "chat" (default) | "responses",
// "helper": true to stream through the SDK's accumulating helper instead of the raw iterator}. Prints what `report.py` says.
//
// Retries are the SDK's own default: a 403 is not retried, and a caller who counts requests proves it.

import OpenAI from 'openai';
import { run } from './report.mjs';

const TOOL = {
  name: 'notify',
  description: 'Sends a text to a team.',
  parameters: {
    type: 'object',
    properties: { to: { type: 'string' }, text: { type: 'string' } },
    required: ['to'],
    additionalProperties: false,
  },
};

async function chat(report, client, what, streamed, tools) {
  const body = { model: 'mock-1', messages: [{ role: 'user', content: what.prompt }] };
  if (tools) body.tools = [{ type: 'function', function: TOOL }];
  if (!streamed) return chatAnswer(report, await client.chat.completions.create(body));
  body.stream_options = { include_usage: true };
  if (what.helper) {
    const stream = client.chat.completions.stream(body);
    for await (const chunk of stream) chatChunk(report, chunk);
    report.answerAgain();
    return chatAnswer(report, await stream.finalChatCompletion());
  }
  for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) chatChunk(report, chunk);
  report.callsDone();
}

function chatChunk(report, chunk) {
  report.events += 1;
  report.usage = chunk.usage ?? report.usage;
  for (const choice of chunk.choices) {
    report.text += choice.delta.content ?? '';
    report.reasoning += choice.delta.reasoning_content ?? '';
    for (const call of choice.delta.tool_calls ?? []) {
      report.callDelta(call.index, call.function?.name, call.function?.arguments);
    }
    report.finish = choice.finish_reason ?? report.finish;
  }
}

function chatAnswer(report, answer) {
  const { message, finish_reason } = answer.choices[0];
  report.text = message.content ?? '';
  report.reasoning = message.reasoning_content ?? '';
  for (const call of message.tool_calls ?? []) report.called(call.function.name, call.function.arguments);
  report.finish = finish_reason;
  report.usage = answer.usage ?? null;
}

async function responses(report, client, what, streamed, tools) {
  const body = { model: 'mock-1', input: what.prompt };
  if (tools) body.tools = [{ type: 'function', strict: false, ...TOOL }];
  if (!streamed) return responsesAnswer(report, await client.responses.create(body));
  if (what.helper) {
    const stream = client.responses.stream(body);
    for await (const event of stream) responsesEvent(report, event);
    report.answerAgain();
    return responsesAnswer(report, await stream.finalResponse());
  }
  for await (const event of await client.responses.create({ ...body, stream: true })) responsesEvent(report, event);
  report.callsDone();
}

function responsesEvent(report, event) {
  report.events += 1;
  if (event.type === 'response.output_text.delta') report.text += event.delta;
  else if (event.type === 'response.reasoning_summary_text.delta') report.reasoning += event.delta;
  else if (event.type === 'response.output_item.added' && event.item.type === 'function_call') {
    report.callDelta(event.output_index, event.item.name, '');
  } else if (event.type === 'response.function_call_arguments.delta') {
    report.callDelta(event.output_index, '', event.delta);
  } else if (['response.completed', 'response.incomplete', 'response.failed'].includes(event.type)) {
    report.finish = event.response.status;
    report.usage = event.response.usage ?? null;
  } else if (event.type === 'error') {
    // An event that the iterator gives and does not raise: an application has to look for it.
    report.finish = `error: ${event.message}`;
  }
}

function responsesAnswer(report, answer) {
  report.text = answer.output_text ?? '';
  for (const item of answer.output) {
    if (item.type === 'reasoning') report.reasoning += item.summary.map((part) => part.text).join('');
    else if (item.type === 'function_call') report.called(item.name, item.arguments);
  }
  report.finish = answer.status;
  report.usage = answer.usage ?? null;
}

async function call(report, url, what) {
  const client = new OpenAI({ baseURL: url, apiKey: 'none', timeout: 20_000 });
  const [streamed, tools] = [what.do.startsWith('stream'), what.do.endsWith('tool')];
  await { chat, responses }[what.api ?? 'chat'](report, client, what, streamed, tools);
}

function describe(error) {
  if (!(error instanceof OpenAI.OpenAIError)) return {};
  return { typed: 'openai', status: error.status, code: error.code, body: error.error, headers: error.headers };
}

await run(call, describe);
