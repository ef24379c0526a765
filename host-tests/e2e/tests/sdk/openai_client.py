"""OpenAI's Python SDK: `openai_client.py BASE_URL JSON`, where BASE_URL ends in `/v1`.

JSON: {"do": "plain" | "stream" | "tool" | "stream_tool", "prompt": "...", "api": "chat" (default) | "responses",
"helper": true to stream through the SDK's accumulating helper instead of the raw iterator}. Prints what `report.py` says.
{"do": "many", "parallel": n} makes n asynchronous calls of chat at once on one client, and {"do": "models"} lists the models:
`text` then has a line for each.

Retries are the SDK's own default: a 403 is not retried, and a caller who counts requests proves it.
"""

import asyncio

import openai
from report import headers_of, run

TOOL = {
    "name": "notify",
    "description": "Sends a text to a team.",
    "parameters": {
        "type": "object",
        "properties": {"to": {"type": "string"}, "text": {"type": "string"}},
        "required": ["to"],
        "additionalProperties": False,
    },
}


def chat(report, client, what, streamed, tools):
    arguments = {"model": "mock-1", "messages": [{"role": "user", "content": what["prompt"]}]}
    if tools:
        arguments["tools"] = [{"type": "function", "function": TOOL}]
    if not streamed:
        answer = client.chat.completions.create(**arguments)
        return chat_answer(report, answer)
    arguments["stream_options"] = {"include_usage": True}
    if what.get("helper"):
        with client.chat.completions.stream(**arguments) as stream:
            for event in stream:
                if event.type == "chunk":
                    chat_chunk(report, event.chunk)
            report.answer_again()
            return chat_answer(report, stream.get_final_completion())
    for chunk in client.chat.completions.create(**arguments, stream=True):
        chat_chunk(report, chunk)
    report.calls_done()


def chat_chunk(report, chunk):
    report.events += 1
    report.usage = chunk.usage.to_dict() if chunk.usage else report.usage
    for choice in chunk.choices:
        report.text += choice.delta.content or ""
        report.reasoning += getattr(choice.delta, "reasoning_content", None) or ""
        for call in choice.delta.tool_calls or []:
            report.call_delta(call.index, call.function.name, call.function.arguments)
        report.finish = choice.finish_reason or report.finish


def chat_answer(report, answer):
    choice = answer.choices[0]
    report.text = choice.message.content or ""
    report.reasoning = getattr(choice.message, "reasoning_content", None) or ""
    for call in choice.message.tool_calls or []:
        report.called(call.function.name, call.function.arguments)
    report.finish = choice.finish_reason
    report.usage = answer.usage.to_dict() if answer.usage else None


def responses(report, client, what, streamed, tools):
    arguments = {"model": "mock-1", "input": what["prompt"]}
    if tools:
        arguments["tools"] = [{"type": "function", "strict": False, **TOOL}]
    if not streamed:
        return responses_answer(report, client.responses.create(**arguments))
    if what.get("helper"):
        with client.responses.stream(**arguments) as stream:
            for event in stream:
                responses_event(report, event)
            report.answer_again()
            return responses_answer(report, stream.get_final_response())
    for event in client.responses.create(**arguments, stream=True):
        responses_event(report, event)
    report.calls_done()


def responses_event(report, event):
    report.events += 1
    if event.type == "response.output_text.delta":
        report.text += event.delta
    elif event.type == "response.reasoning_summary_text.delta":
        report.reasoning += event.delta
    elif event.type == "response.output_item.added" and event.item.type == "function_call":
        report.call_delta(event.output_index, event.item.name, "")
    elif event.type == "response.function_call_arguments.delta":
        report.call_delta(event.output_index, "", event.delta)
    elif event.type in ("response.completed", "response.incomplete", "response.failed"):
        report.finish = event.response.status
        report.usage = event.response.usage.to_dict() if event.response.usage else None
    elif event.type == "error":
        # An event that the iterator gives and does not raise: an application has to look for it.
        report.finish = "error: " + event.message


def responses_answer(report, answer):
    report.text = answer.output_text
    for item in answer.output:
        if item.type == "reasoning":
            report.reasoning += "".join(part.text for part in item.summary)
        elif item.type == "function_call":
            report.called(item.name, item.arguments)
    report.finish = answer.status
    report.usage = answer.usage.to_dict() if answer.usage else None


async def many(url, what):
    arguments = {"model": "mock-1", "messages": [{"role": "user", "content": what["prompt"]}]}
    async with openai.AsyncOpenAI(base_url=url, api_key="none", timeout=20) as client:
        calls = [client.chat.completions.create(**arguments) for _ in range(what["parallel"])]
        return [answer.choices[0].message.content for answer in await asyncio.gather(*calls)]


def call(report, url, what):
    if what["do"] == "many":
        report.text = "\n".join(asyncio.run(many(url, what)))
        return
    streamed, tools = what["do"].startswith("stream"), what["do"].endswith("tool")
    with openai.OpenAI(base_url=url, api_key="none", timeout=20) as client:
        if what["do"] == "models":
            report.text = "\n".join(model.id for model in client.models.list())
            return
        {"chat": chat, "responses": responses}[what.get("api", "chat")](report, client, what, streamed, tools)


def describe(error):
    if not isinstance(error, openai.APIError):
        return {}
    status = getattr(error, "status_code", None)
    return {"status": status, "code": error.code, "body": error.body, "headers": headers_of(error)}


if __name__ == "__main__":
    run(call, describe)
