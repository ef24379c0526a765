"""Cohere's Python SDK, `ClientV2`: `cohere_client.py BASE_URL JSON`, where BASE_URL is what comes before `/v2/chat`.

JSON: {"do": "plain" | "stream" | "tool" | "stream_tool", "prompt": "..."}. Prints what `report.py` says; the SDK has no code
of an error beside the HTTP status. No event of a stream makes the SDK raise: an error ends a stream as `finish`, with the
reason `ERROR` and the message after a colon.

Retries are the SDK's own default: a 403 is not retried, and a caller who counts requests proves it.
"""

import cohere
from cohere.core.api_error import ApiError
from report import run

TOOL = {
    "type": "function",
    "function": {
        "name": "notify",
        "description": "Sends a text to a team.",
        "parameters": {
            "type": "object",
            "properties": {"to": {"type": "string"}, "text": {"type": "string"}},
            "required": ["to"],
        },
    },
}


def usage(value):
    return value.model_dump(mode="json", exclude_none=True) if value else None


def streamed(report, stream):
    for event in stream:
        report.events += 1
        if event.type == "content-delta":
            content = event.delta.message.content
            report.text += content.text or ""
            report.reasoning += content.thinking or ""
        elif event.type == "tool-plan-delta":
            report.reasoning += event.delta.message.tool_plan
        elif event.type == "tool-call-start":
            function = event.delta.message.tool_calls.function
            report.call_delta(event.index, function.name, function.arguments)
        elif event.type == "tool-call-delta":
            report.call_delta(event.index, "", event.delta.message.tool_calls.function.arguments)
        elif event.type == "message-end":
            report.finish, report.usage = event.delta.finish_reason, usage(event.delta.usage)
            if event.delta.error:
                # The SDK gives this event and does not raise: an application has to look for it.
                report.finish += ": " + event.delta.error
    report.calls_done()


def answered(report, answer):
    for part in answer.message.content or []:
        if part.type == "text":
            report.text += part.text
        elif part.type == "thinking":
            report.reasoning += part.thinking
    report.reasoning += answer.message.tool_plan or ""
    for call in answer.message.tool_calls or []:
        report.called(call.function.name, call.function.arguments)
    report.finish, report.usage = answer.finish_reason, usage(answer.usage)


def call(report, url, what):
    client = cohere.ClientV2(api_key="none", base_url=url, timeout=20, log_warning_experimental_features=False)
    arguments = {"model": "mock-1", "messages": [{"role": "user", "content": what["prompt"]}]}
    if what["do"].endswith("tool"):
        arguments["tools"] = [TOOL]
    if what["do"].startswith("stream"):
        streamed(report, client.chat_stream(**arguments))
    else:
        answered(report, client.chat(**arguments))


def describe(error):
    if not isinstance(error, ApiError):
        return {}
    return {"status": error.status_code, "body": error.body, "headers": error.headers}


if __name__ == "__main__":
    run(call, describe)
