"""Anthropic's Python SDK: `anthropic_client.py BASE_URL JSON`, where BASE_URL is what comes before `/v1/messages`.

JSON: {"do": "plain" | "stream" | "tool" | "stream_tool", "prompt": "...", "helper": true to stream through
`messages.stream`, which accumulates the message, instead of the raw iterator}. Prints what `report.py` says; `code` is the
`type` of the error in the body.

Retries are the SDK's own default: a 403 is not retried, and a caller who counts requests proves it.
"""

import anthropic
from report import headers_of, run

TOOL = {
    "name": "notify",
    "description": "Sends a text to a team.",
    "input_schema": {
        "type": "object",
        "properties": {"to": {"type": "string"}, "text": {"type": "string"}},
        "required": ["to"],
    },
}


def streamed_events(report, stream):
    for event in stream:
        report.events += 1
        if event.type == "message_start":
            report.usage = event.message.usage.to_dict()
        elif event.type == "content_block_start" and event.content_block.type == "tool_use":
            report.call_delta(event.index, event.content_block.name, "")
        elif event.type == "content_block_delta":
            if event.delta.type == "text_delta":
                report.text += event.delta.text
            elif event.delta.type == "thinking_delta":
                report.reasoning += event.delta.thinking
            elif event.delta.type == "input_json_delta":
                report.call_delta(event.index, "", event.delta.partial_json)
        elif event.type == "message_delta":
            report.finish = event.delta.stop_reason
            report.usage = (report.usage or {}) | event.usage.to_dict(exclude_none=True)


def answered(report, message):
    for block in message.content:
        if block.type == "text":
            report.text += block.text
        elif block.type == "thinking":
            report.reasoning += block.thinking
        elif block.type == "tool_use":
            report.called(block.name, block.input)
    report.finish = message.stop_reason
    report.usage = message.usage.to_dict()


def call(report, url, what):
    message = {"role": "user", "content": what["prompt"]}
    arguments = {"model": "mock-1", "max_tokens": 256, "messages": [message]}
    if what["do"].endswith("tool"):
        arguments["tools"] = [TOOL]
    with anthropic.Anthropic(base_url=url, api_key="none", timeout=20) as client:
        if not what["do"].startswith("stream"):
            answered(report, client.messages.create(**arguments))
        elif what.get("helper"):
            with client.messages.stream(**arguments) as stream:
                streamed_events(report, stream)
                report.answer_again()
                answered(report, stream.get_final_message())
        else:
            with client.messages.create(**arguments, stream=True) as stream:
                streamed_events(report, stream)
                report.calls_done()


def describe(error):
    if not isinstance(error, anthropic.APIError):
        return {}
    inner = error.body.get("error") if isinstance(error.body, dict) else None
    code = inner.get("type") if isinstance(inner, dict) else None
    status = getattr(error, "status_code", None)
    return {"status": status, "code": code, "body": error.body, "headers": headers_of(error)}


if __name__ == "__main__":
    run(call, describe)
