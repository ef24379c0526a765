"""One call of the official A2A client: argument 1 is the base URL, argument 2 what to do, as JSON. Prints what came of
it as JSON.

"do" is `send`, `stream`, `get` (a task, after one was made by `send`) or `card`. "prompt" is what the user says; its
first word says how the agent answers, see a2a_server.py. "data" and "file" are further parts of the message.
"protocol" is 1.0 or 0.3, "binding" is JSONRPC or HTTP+JSON. The card names the agent's own address: the client keeps
to the base URL.
"""

import asyncio
import json
import sys

import httpx
from a2a.client import A2ACardResolver, ClientConfig, ClientFactory
from a2a.helpers import get_stream_response_text, new_data_part, new_message, new_raw_part, new_text_part
from a2a.types import AgentCard, AgentInterface, GetTaskRequest, Role, SendMessageRequest
from a2a.utils.errors import A2AError
from google.protobuf.json_format import MessageToDict

PATHS = {"JSONRPC": "/", "HTTP+JSON": "/rest"}


def raised(error):
    cause = error.__cause__
    status = cause.response.status_code if isinstance(cause, httpx.HTTPStatusError) else None
    told = {"class": type(error).__name__, "message": str(error), "status": status, "code": None}
    return told | {"data": getattr(error, "data", None)}


def request(what):
    parts = [new_text_part(what["prompt"])]
    if "data" in what:
        parts.append(new_data_part(what["data"]))
    if "file" in what:
        parts.append(new_raw_part(what["file"].encode(), "text/plain", "note.txt"))
    return SendMessageRequest(message=new_message(parts, role=Role.ROLE_USER))


def bound(card, url, what):
    binding = what.get("binding", "JSONRPC")
    interface = AgentInterface(
        url=url + PATHS[binding], protocol_binding=binding, protocol_version=what.get("protocol", "1.0")
    )
    bound = AgentCard()
    bound.CopyFrom(card)
    del bound.supported_interfaces[:]
    bound.supported_interfaces.append(interface)
    return bound


async def main(url, what, told):
    async with httpx.AsyncClient(timeout=what.get("seconds", 10)) as http:
        card = await A2ACardResolver(http, url).get_agent_card()
        if what["do"] == "card":
            told["result"] = MessageToDict(card)
            return
        config = ClientConfig(
            httpx_client=http,
            streaming=what["do"] == "stream",
            supported_protocol_bindings=[what.get("binding", "JSONRPC")],
        )
        async with ClientFactory(config).create(bound(card, url, what)) as client:
            task = None
            async for event in client.send_message(request(what)):
                told["results"].append(MessageToDict(event))
                told["text"] += get_stream_response_text(event)
                for kind in ("task", "status_update"):
                    if event.HasField(kind):
                        found = getattr(event, kind)
                        task = found.id if kind == "task" else found.task_id
                        told["finish"] = MessageToDict(found.status)["state"]
            if what["do"] == "get":
                told["result"] = MessageToDict(await client.get_task(GetTaskRequest(id=task)))


if __name__ == "__main__":
    base, words = sys.argv[1].rstrip("/"), json.loads(sys.argv[2])
    told = {"text": "", "tool_calls": [], "finish": None, "usage": None, "results": [], "result": None, "raised": None}
    try:
        asyncio.run(asyncio.wait_for(main(base, words, told), 3 * words.get("seconds", 10)))
    except (A2AError, httpx.HTTPError, TimeoutError) as error:
        told["raised"] = raised(error) | {"after_text": bool(told["results"])}
    told["events"] = len(told["results"])
    json.dump(told, sys.stdout)
