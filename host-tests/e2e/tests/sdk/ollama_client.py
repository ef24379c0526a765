"""Ollama's Python client: `ollama_client.py BASE_URL JSON`, where BASE_URL is what comes before `/api/chat`.

JSON: {"do": "plain" | "stream" | "tool" | "stream_tool", "prompt": "...", "api": "chat" (default) | "generate"}. Tools exist
in chat only. Prints what `report.py` says; an error has a message and a status, no code.

The client never retries.
"""

import ollama
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


def answered(report, answer):
    message = getattr(answer, "message", None)
    if message is None:
        report.text += answer.response
        report.reasoning += answer.thinking or ""
    else:
        report.text += message.content or ""
        report.reasoning += message.thinking or ""
        for call in message.tool_calls or []:
            report.called(call.function.name, dict(call.function.arguments))
    if answer.done:
        report.finish = answer.done_reason
        report.usage = {"prompt_eval_count": answer.prompt_eval_count, "eval_count": answer.eval_count}


def call(report, url, what):
    client = ollama.Client(host=url, timeout=20)
    streamed = what["do"].startswith("stream")
    if what.get("api") == "generate":
        answer = client.generate(model="mock-1", prompt=what["prompt"], stream=streamed)
    else:
        tools = [TOOL] if what["do"].endswith("tool") else None
        messages = [{"role": "user", "content": what["prompt"]}]
        answer = client.chat(model="mock-1", messages=messages, tools=tools, stream=streamed)
    if not streamed:
        return answered(report, answer)
    for part in answer:
        report.events += 1
        answered(report, part)


def describe(error):
    # The class of a stream's error has a status of its own choice, -1 where no HTTP status came with it.
    return {"status": getattr(error, "status_code", None)}


if __name__ == "__main__":
    run(call, describe)
