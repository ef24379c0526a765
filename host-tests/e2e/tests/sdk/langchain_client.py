"""LangChain's client for OpenAI, the aggregate client: `langchain_client.py BASE_URL JSON`, where BASE_URL ends in `/v1`.

JSON: {"do": "plain" | "stream" | "tool" | "stream_tool", "prompt": "...", "api": "chat" (default) | "responses"}. Prints what
`report.py` says; errors are those of OpenAI's SDK or classes derived from them. In chat the client does not hand on
`reasoning_content`.

Retries are the client's own default: a 403 is not retried, and a caller who counts requests proves it.
"""

import openai
from langchain_openai import ChatOpenAI
from report import headers_of, run

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


def text_of(message, kind):
    """The text of the content blocks of one kind, whichever of the two forms of content the API gave."""
    blocks = [block for block in message.content_blocks if block["type"] == kind]
    return "".join(block.get(kind) or "" for block in blocks)


def answered(report, message):
    report.answer_again()
    report.text, report.reasoning = text_of(message, "text"), text_of(message, "reasoning")
    for call in message.tool_calls:
        report.called(call["name"], call["args"])
    for call in message.invalid_tool_calls:
        report.called(call["name"], call["args"])
    metadata = message.response_metadata
    report.finish = metadata.get("finish_reason") or metadata.get("status")
    report.usage = message.usage_metadata


def call(report, url, what):
    model = ChatOpenAI(
        model="mock-1",
        base_url=url,
        api_key="none",
        timeout=20,
        stream_usage=True,
        use_responses_api=what.get("api") == "responses",
    )
    if what["do"].endswith("tool"):
        model = model.bind_tools([TOOL])
    if not what["do"].startswith("stream"):
        return answered(report, model.invoke(what["prompt"]))
    whole = None
    for chunk in model.stream(what["prompt"]):
        report.events += 1
        report.text += text_of(chunk, "text")
        report.reasoning += text_of(chunk, "reasoning")
        for piece in chunk.tool_call_chunks:
            report.call_delta(piece["index"], piece["name"], piece["args"])
        whole = chunk if whole is None else whole + chunk
    if whole is not None:
        answered(report, whole)


def describe(error):
    if not isinstance(error, openai.APIError):
        return {}
    status = getattr(error, "status_code", None)
    return {"status": status, "code": error.code, "body": error.body, "headers": headers_of(error)}


if __name__ == "__main__":
    run(call, describe)
