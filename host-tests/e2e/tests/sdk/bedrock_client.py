"""One call of boto3's bedrock-runtime: argument 1 is the base URL, argument 2 what to do, as JSON. Prints what came of
it as JSON.

"do" is `converse`, `converse_stream`, `invoke` or `invoke_stream`; "prompt" is what the user says and "repeat" how
often; "model" is the model's id; "tools" offers a tool to the model; "retries" lets the SDK try again as it does by
default. What `invoke` sends is in the form of Anthropic Messages, or what "body" holds (answers of Titan and Llama are
read too). The credentials are "credentials", id and secret, or those that the mock upstream knows; they are nobody's.
"""

import json
import sys

import boto3
import urllib3.exceptions
from botocore.config import Config
from botocore.eventstream import ParserError
from botocore.exceptions import BotoCoreError, ClientError

MODEL = "anthropic.mock-1-v1:0"

TOOL = {
    "name": "notify",
    "description": "Sends a text to somebody.",
    "inputSchema": {"json": {"type": "object", "properties": {"to": {"type": "string"}, "text": {"type": "string"}}}},
}


def credentials():
    """What the mock upstream checks signatures with, put together here so that no scanner takes it for real."""
    key = "".join(["AKIA", "MOCKWEIR", "UPSTREAM"])
    return key, "".join(["mock/", "upstream+", "secret", "/of/weir/", "0123456789a"])


def bedrock(url, what):
    key, secret = what.get("credentials") or credentials()
    retries = {} if what.get("retries") else {"retries": {"total_max_attempts": 1}}
    seconds = what.get("seconds", 20)
    return boto3.client(
        "bedrock-runtime",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(connect_timeout=seconds, read_timeout=seconds, **retries),
    )


def prompt(what):
    return what["prompt"] * what.get("repeat", 1)


class Read:
    """An answer as it comes in, whole or in events."""

    def __init__(self):
        self.text, self.reasoning, self.tool_calls = "", "", []
        self.events, self.finish, self.usage = 0, None, None

    def block(self, block):
        """A content block of Converse or of Anthropic Messages, or the start of one."""
        self.text += block.get("text") or ""
        reasoning = block.get("reasoningContent", {}).get("reasoningText", {})
        self.reasoning += reasoning.get("text") or block.get("thinking") or ""
        called = block.get("toolUse") or (block if block.get("type") == "tool_use" else None)
        if called is not None:
            # A stream's start says an empty input and means the text that follows.
            self.tool_calls.append({"name": called["name"], "arguments": called.get("input") or ""})

    def delta(self, delta):
        self.text += delta.get("text") or ""
        self.reasoning += delta.get("reasoningContent", {}).get("text") or delta.get("thinking") or ""
        more = delta.get("toolUse", {}).get("input") or delta.get("partial_json")
        if more:
            self.tool_calls[-1]["arguments"] += more

    def converse_event(self, event):
        self.events += 1
        ((kind, inner),) = event.items()
        if kind == "contentBlockStart":
            self.block(inner["start"])
        elif kind == "contentBlockDelta":
            self.delta(inner["delta"])
        elif kind == "messageStop":
            self.finish = inner["stopReason"]
        elif kind == "metadata":
            self.usage = inner["usage"]

    def bare(self, answer):
        """An answer or an event of Titan or Llama: text and why it ended, at the top."""
        self.text += answer.get("outputText") or answer.get("generation") or ""
        self.finish = answer.get("completionReason") or answer.get("stop_reason") or self.finish

    def model_event(self, event):
        self.events += 1
        match event.get("type"):
            case None:
                self.bare(event)
            case "message_start":
                self.usage = event["message"].get("usage")
            case "content_block_start":
                self.block(event["content_block"])
            case "content_block_delta":
                self.delta(event["delta"])
            case "message_delta":
                self.finish = event["delta"].get("stop_reason")
                self.usage = (self.usage or {}) | event.get("usage", {})


def converse(client, what, read):
    arguments = {
        "modelId": what.get("model", MODEL),
        "messages": [{"role": "user", "content": [{"text": prompt(what)}]}],
    }
    if "system" in what:
        arguments["system"] = [{"text": what["system"]}]
    if what.get("tools"):
        arguments["toolConfig"] = {"tools": [{"toolSpec": TOOL}]}
    if what["do"] == "converse_stream":
        for event in client.converse_stream(**arguments)["stream"]:
            read.converse_event(event)
        return
    answer = client.converse(**arguments)
    for block in answer["output"]["message"]["content"]:
        read.block(block)
    read.finish, read.usage = answer["stopReason"], answer["usage"]


def invoke(client, what, read):
    messages = [{"role": "user", "content": prompt(what)}]
    body = what.get("body", {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 64, "messages": messages})
    arguments = {"modelId": what.get("model", MODEL), "body": json.dumps(body)}
    if what["do"] == "invoke_stream":
        for event in client.invoke_model_with_response_stream(**arguments)["body"]:
            read.model_event(json.loads(event["chunk"]["bytes"]))
        return
    answer = json.loads(client.invoke_model(**arguments)["body"].read())
    if "content" not in answer:
        for bare in answer.get("results", [answer]):
            read.bare(bare)
        return
    for block in answer["content"]:
        read.block(block)
    read.finish, read.usage = answer["stop_reason"], answer["usage"]


def raised(error, read):
    told = {"class": type(error).__name__, "message": str(error), "status": None, "code": None}
    if isinstance(error, ClientError):
        whole = error.response.get("ResponseMetadata", {})
        told |= {
            "code": error.response["Error"]["Code"],
            "message": error.response["Error"]["Message"],
            "status": whole.get("HTTPStatusCode"),
            "exchange": whole.get("HTTPHeaders", {}).get("x-weir-exchange"),
        }
    return told | {"after_text": bool(read.text or read.tool_calls)}


def parsed(arguments):
    """A stream's arguments come as pieces of JSON; what is none stays text, for the caller to see."""
    try:
        return json.loads(arguments or "{}") if isinstance(arguments, str) else arguments
    except ValueError:
        return arguments


def main(url, what):
    read, error = Read(), None
    try:
        operation = {"converse": converse, "converse_stream": converse, "invoke": invoke, "invoke_stream": invoke}[
            what["do"]
        ]
        operation(bedrock(url, what), what, read)
    except (BotoCoreError, ClientError, ParserError, urllib3.exceptions.HTTPError) as caught:
        error = raised(caught, read)
    for call in read.tool_calls:
        call["arguments"] = parsed(call["arguments"])
    return vars(read) | {"raised": error}


if __name__ == "__main__":
    json.dump(main(sys.argv[1], json.loads(sys.argv[2])), sys.stdout)
