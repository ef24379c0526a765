"""One conversation of the official MCP client: argument 1 is the base URL, argument 2 what to do, as JSON. Prints what
came of it as JSON.

"do" is `tools`, `resources`, `prompts`, `call` (with "tool" and "arguments"), `read` (with "uri"), `get` (with "name"
and "arguments"); "prompt" is the default of the argument `text`; "parallel" does it so many times at once. "path" is
the server's path (/mcp), "transport" is `http` or `sse`, "mode" is the client's: `legacy` (a session that begins with
`initialize`), `auto` or a protocol version. What the server asks the model or the user of the client is answered by
"answer". "settle" is a pause before the operation and "linger" one after it, in seconds; after that the client makes
one more call, so that a caller sees whether the session is still of use: "usable".
"""

import asyncio
import json
import sys
import warnings

import httpx2
import mcp_types as types
from mcp import Client, MCPError
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPDeprecationWarning

warnings.simplefilter("ignore", MCPDeprecationWarning)

SECONDS = 10


def plain(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


def causes(error):
    """The errors inside the groups that task groups wrap them in."""
    if isinstance(error, BaseExceptionGroup):
        return [cause for inner in error.exceptions for cause in causes(inner)]
    return [error]


def raised(error):
    error = causes(error)[0]
    told = {"class": type(error).__name__, "message": str(error), "status": None, "code": None}
    if isinstance(error, MCPError):
        told |= {"code": error.code, "data": error.data}
    if isinstance(error, httpx2.HTTPStatusError):
        told["status"] = error.response.status_code
    return told


class Seen:
    """What the server sent besides the answer, in the order of arrival."""

    def __init__(self, answer):
        self.answer = answer
        self.events = []

    async def sample(self, _context, params):
        self.events.append({"kind": "sampling", "params": plain(params)})
        content = types.TextContent(type="text", text=self.answer)
        return types.CreateMessageResult(role="assistant", model="mock-1", content=content, stop_reason="endTurn")

    async def elicit(self, _context, params):
        self.events.append({"kind": "elicitation", "params": plain(params)})
        names = list(getattr(params, "requested_schema", {}).get("properties", {}))
        return types.ElicitResult(action="accept", content={name: self.answer for name in names[:1]})

    async def roots(self, _context):
        self.events.append({"kind": "roots"})
        return types.ListRootsResult(roots=[types.Root(uri="file:///srv/notes", name=self.answer)])

    async def log(self, params):
        self.events.append({"kind": "log", "params": plain(params)})

    async def progress(self, progress, total, message):
        self.events.append({"kind": "progress", "progress": progress, "total": total, "message": message})


def texts(result):
    """The text of a tool's result, a resource or a prompt."""
    messages = [message["content"] for message in result.get("messages", [])]
    parts = result.get("content") or result.get("contents") or messages
    return "\n".join(part["text"] for part in parts if "text" in part)


async def operate(client, what, seen):
    arguments = what.get("arguments", {"text": what["prompt"]} if "prompt" in what else {})
    match what["do"]:
        case "tools":
            return plain(await client.list_tools(cache_mode="bypass"))
        case "resources":
            return plain(await client.list_resources(cache_mode="bypass"))
        case "prompts":
            return plain(await client.list_prompts(cache_mode="bypass"))
        case "call":
            return plain(await client.call_tool(what["tool"], arguments, progress_callback=seen.progress))
        case "read":
            return plain(await client.read_resource(what["uri"]))
        case "get":
            return plain(await client.get_prompt(what["name"], arguments))
    raise SystemExit(f"`do` is unknown: `{what['do']}`")


async def conversation(url, what, told):
    seen = Seen(what.get("answer", "42"))
    told["notifications"] = seen.events
    timeout = httpx2.Timeout(SECONDS, read=what.get("seconds", SECONDS))
    async with httpx2.AsyncClient(timeout=timeout) as http:
        if what.get("transport") == "sse":
            transport = sse_client(url + what.get("path", "/sse"))
        else:
            transport = streamable_http_client(url + what.get("path", "/mcp"), http_client=http)
        client = Client(
            transport,
            mode=what.get("mode", "legacy"),
            read_timeout_seconds=what.get("seconds", SECONDS),
            sampling_callback=seen.sample,
            elicitation_callback=seen.elicit,
            list_roots_callback=seen.roots,
            logging_callback=seen.log,
            log_level="debug",
        )
        async with client:
            told["version"] = client.protocol_version
            # The stream that a GET opens is there a little later than the session.
            await asyncio.sleep(what.get("settle", 0))
            try:
                same = [operate(client, what, seen) for _ in range(what.get("parallel", 1))]
                told["results"] = await asyncio.gather(*same)
                told["result"] = told["results"][0]
                told["text"] = texts(told["result"])
                told["finish"] = "error" if told["result"].get("isError") else "complete"
            except MCPError as error:
                told["raised"] = raised(error) | {"after_text": bool(seen.events)}
            await asyncio.sleep(what.get("linger", 0))
            try:
                await client.list_prompts(cache_mode="bypass")
                told["usable"] = True
            except MCPError as error:
                told["usable"] = raised(error)


def main(url, what):
    told = {"text": "", "tool_calls": [], "finish": None, "usage": None, "result": None, "raised": None}
    try:
        asyncio.run(asyncio.wait_for(conversation(url, what, told), 3 * what.get("seconds", SECONDS)))
    except Exception as error:
        told["raised"] = raised(error) | {"after_text": bool(told.get("notifications"))}
    told["events"] = len(told.get("notifications", []))
    return told


if __name__ == "__main__":
    json.dump(main(sys.argv[1], json.loads(sys.argv[2])), sys.stdout)
