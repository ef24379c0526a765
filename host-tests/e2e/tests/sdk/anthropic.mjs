// Anthropic's npm SDK: `node anthropic.mjs BASE_URL JSON`, where BASE_URL is what comes before `/v1/messages`.
//
// JSON: {"do": "plain" | "stream" | "tool" | "stream_tool", "prompt": "...", "helper": true to stream through
// `messages.stream`, which accumulates the message, instead of the raw iterator}. Prints what `report.py` says; `code` is the
// `type` of the error in the body.
//
// Retries are the SDK's own default: a 403 is not retried, and a caller who counts requests proves it.

import Anthropic from '@anthropic-ai/sdk';
import { run } from './report.mjs';

const TOOL = {
  name: 'notify',
  description: 'Sends a text to a team.',
  input_schema: {
    type: 'object',
    properties: { to: { type: 'string' }, text: { type: 'string' } },
    required: ['to'],
  },
};

async function streamedEvents(report, stream) {
  for await (const event of stream) {
    report.events += 1;
    if (event.type === 'message_start') report.usage = event.message.usage;
    else if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
      report.callDelta(event.index, event.content_block.name, '');
    } else if (event.type === 'content_block_delta') {
      const delta = event.delta;
      if (delta.type === 'text_delta') report.text += delta.text;
      else if (delta.type === 'thinking_delta') report.reasoning += delta.thinking;
      else if (delta.type === 'input_json_delta') report.callDelta(event.index, '', delta.partial_json);
    } else if (event.type === 'message_delta') {
      report.finish = event.delta.stop_reason;
      report.usage = { ...report.usage, ...event.usage };
    }
  }
}

function answered(report, message) {
  for (const block of message.content) {
    if (block.type === 'text') report.text += block.text;
    else if (block.type === 'thinking') report.reasoning += block.thinking;
    else if (block.type === 'tool_use') report.called(block.name, block.input);
  }
  report.finish = message.stop_reason;
  report.usage = message.usage;
}

async function call(report, url, what) {
  const client = new Anthropic({ baseURL: url, apiKey: 'none', timeout: 20_000 });
  const body = { model: 'mock-1', max_tokens: 256, messages: [{ role: 'user', content: what.prompt }] };
  if (what.do.endsWith('tool')) body.tools = [TOOL];
  if (!what.do.startsWith('stream')) {
    answered(report, await client.messages.create(body));
  } else if (what.helper) {
    const stream = client.messages.stream(body);
    await streamedEvents(report, stream);
    report.answerAgain();
    answered(report, await stream.finalMessage());
  } else {
    await streamedEvents(report, await client.messages.create({ ...body, stream: true }));
    report.callsDone();
  }
}

function describe(error) {
  if (!(error instanceof Anthropic.AnthropicError)) return {};
  const code = error.error?.error?.type;
  return { typed: '@anthropic-ai/sdk', status: error.status, code, body: error.error, headers: error.headers };
}

await run(call, describe);
