"""boto3's bedrock-runtime: `bedrock_client.py BASE_URL JSON`, where BASE_URL is what comes before `/model/`.

JSON: {"do": "plain" | "stream" | "tool" | "stream_tool", "prompt": "...", "api": "converse" (default) | "invoke", "model":
"the model's id", "body": what `invoke` sends instead of Anthropic Messages (answers of Titan and Llama are read too),
"credentials": [id, secret] instead of those that the mock upstream knows, which are nobody's}. Prints what `report.py` says;
`code` is the `Code` of the error.

Retries are the SDK's own default: a 403 is not retried, and a caller who counts requests proves it.
"""

import json

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from report import run

MODEL = "anthropic.mock-1-v1:0"

DESCRIPTION = "Sends a text to a team."
SCHEMA = {
    "type": "object",
    "properties": {"to": {"type": "string"}, "text": {"type": "string"}},
    "required": ["to"],
}


def credentials():
    """What the mock upstream checks signatures with, put together here so that no scanner takes it for real."""
    key = "".join(["AKIA", "MOCKWEIR", "UPSTREAM"])
    return key, "".join(["mock/", "upstream+", "secret", "/of/weir/", "0123456789a"])


def bedrock(url, what):
    key, secret = what.get("credentials") or credentials()
    return boto3.client(
        "bedrock-runtime",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(connect_timeout=20, read_timeout=20),
    )


def block(report, index, block):
    """A content block of Converse or of Anthropic Messages, or the start of one."""
    report.text += block.get("text") or ""
    reasoning = block.get("reasoningContent", {}).get("reasoningText", {})
    report.reasoning += reasoning.get("text") or block.get("thinking") or ""
    called = block.get("toolUse") or (block if block.get("type") == "tool_use" else None)
    if called is None:
        return
    if called.get("input"):
        report.called(called["name"], called["input"])
    else:
        # A stream's start says an empty input, or none, and means the text that follows.
        report.call_delta(index, called["name"], "")


def delta(report, index, delta):
    report.text += delta.get("text") or ""
    report.reasoning += delta.get("reasoningContent", {}).get("text") or delta.get("thinking") or ""
    more = delta.get("toolUse", {}).get("input") or delta.get("partial_json")
    if more:
        report.call_delta(index, "", more)


def converse_event(report, event):
    report.events += 1
    ((kind, inner),) = event.items()
    if kind == "contentBlockStart":
        block(report, inner["contentBlockIndex"], inner["start"])
    elif kind == "contentBlockDelta":
        delta(report, inner["contentBlockIndex"], inner["delta"])
    elif kind == "messageStop":
        report.finish = inner["stopReason"]
    elif kind == "metadata":
        report.usage = inner["usage"]


def bare(report, answer):
    """An answer or an event of Titan or Llama: text and why it ended, at the top."""
    report.text += answer.get("outputText") or answer.get("generation") or ""
    report.finish = answer.get("completionReason") or answer.get("stop_reason") or report.finish


def model_event(report, event):
    report.events += 1
    match event.get("type"):
        case None:
            bare(report, event)
        case "message_start":
            report.usage = event["message"].get("usage")
        case "content_block_start":
            block(report, event["index"], event["content_block"])
        case "content_block_delta":
            delta(report, event["index"], event["delta"])
        case "message_delta":
            report.finish = event["delta"].get("stop_reason")
            report.usage = (report.usage or {}) | event.get("usage", {})


def converse(report, client, what, streamed, tools):
    message = {"role": "user", "content": [{"text": what["prompt"]}]}
    arguments = {"modelId": what.get("model", MODEL), "messages": [message]}
    if tools:
        tool = {"name": "notify", "description": DESCRIPTION, "inputSchema": {"json": SCHEMA}}
        arguments["toolConfig"] = {"tools": [{"toolSpec": tool}]}
    if streamed:
        for event in client.converse_stream(**arguments)["stream"]:
            converse_event(report, event)
        report.calls_done()
        return
    answer = client.converse(**arguments)
    for index, one in enumerate(answer["output"]["message"]["content"]):
        block(report, index, one)
    report.finish, report.usage = answer["stopReason"], answer["usage"]


def invoke(report, client, what, streamed, tools):
    messages = [{"role": "user", "content": what["prompt"]}]
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 64, "messages": messages}
    if tools:
        body["tools"] = [{"name": "notify", "description": DESCRIPTION, "input_schema": SCHEMA}]
    arguments = {"modelId": what.get("model", MODEL), "body": json.dumps(what.get("body", body))}
    if streamed:
        for event in client.invoke_model_with_response_stream(**arguments)["body"]:
            model_event(report, json.loads(event["chunk"]["bytes"]))
        report.calls_done()
        return
    answer = json.loads(client.invoke_model(**arguments)["body"].read())
    if "content" not in answer:
        for one in answer.get("results", [answer]):
            bare(report, one)
        return
    for index, one in enumerate(answer["content"]):
        block(report, index, one)
    report.finish, report.usage = answer["stop_reason"], answer["usage"]


def call(report, url, what):
    operation = {"converse": converse, "invoke": invoke}[what.get("api", "converse")]
    streamed, tools = what["do"].startswith("stream"), what["do"].endswith("tool")
    operation(report, bedrock(url, what), what, streamed, tools)


def describe(error):
    if not isinstance(error, ClientError):
        return {}
    whole = error.response.get("ResponseMetadata", {})
    told = error.response["Error"]
    return {
        "status": whole.get("HTTPStatusCode"),
        "code": told.get("Code"),
        "body": told,
        "headers": whole.get("HTTPHeaders"),
    }


if __name__ == "__main__":
    run(call, describe)
