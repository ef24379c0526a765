"""A real MCP server, on loopback. Argument 1 is the port, 0 for any; the first line on stdout says which: {"port": n}.

/mcp answers a POST with a stream, /json with one JSON body (where tools that ask the client back cannot work),
/resumable gives every event an id and opens with a priming event, /sse is the older transport with its /messages/.
All of them but /sse speak protocol 2026-07-28 as well. What a tool says comes from its arguments.
"""

import asyncio
import base64
import contextlib
import json
import socket
import sys
import warnings
from typing import Annotated

import mcp_types as types
import uvicorn
from mcp.server.mcpserver import (
    AcceptedElicitation,
    Context,
    Elicit,
    ElicitationResult,
    ListRoots,
    MCPServer,
    Resolve,
    Sample,
)
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.streamable_http import EventMessage, EventStore
from mcp.shared.exceptions import MCPDeprecationWarning
from pydantic import BaseModel, Field
from starlette.applications import Starlette

# Protocol 2026-07-28 has no log messages of its own; the versions before it do.
warnings.simplefilter("ignore", MCPDeprecationWarning)

NOT_A_PICTURE = base64.b64encode(b"\x89PNG not a picture").decode()


class Told(BaseModel):
    said: str
    length: int
    words: list[str]


class Reply(BaseModel):
    reply: str


class Events(EventStore):
    """Every event of every stream, for a client that comes back with `last-event-id`."""

    def __init__(self):
        self.events = []

    async def store_event(self, stream_id, message):
        self.events.append((stream_id, message))
        return f"event-{len(self.events)}"

    async def replay_events_after(self, last_event_id, send_callback):
        seen = int(last_event_id.removeprefix("event-"))
        stream = self.events[seen - 1][0]
        for number, (stream_id, message) in enumerate(self.events[seen:], seen + 1):
            if stream_id == stream and message is not None:
                await send_callback(EventMessage(message, f"event-{number}"))
        return stream


def sampled(text: str) -> Sample:
    content = types.TextContent(type="text", text=text)
    message = types.SamplingMessage(role="user", content=content)
    return Sample([message], max_tokens=64, system_prompt="Answer in one line.")


def elicited(text: str) -> Elicit[Reply]:
    return Elicit(text, Reply)


def roots() -> ListRoots:
    return ListRoots()


def build() -> MCPServer:
    server = MCPServer("weir-e2e", instructions="Tools that say what they are told.")

    @server.tool(structured_output=False)
    def echo(text: str) -> str:
        """Gives the text back."""
        return text

    @server.tool(structured_output=False)
    def mirrored(text: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Text"})]) -> str:
        """Gives the text back; in protocol 2026-07-28 the text comes in the header `mcp-param-text` too."""
        return text

    @server.tool()
    def structured(text: str) -> Told:
        """Gives the text back as structured content."""
        return Told(said=text, length=len(text), words=text.split())

    @server.tool(structured_output=False)
    def contents(text: str) -> list[types.ContentBlock]:
        """Gives the text back in every kind of content."""
        resource = types.TextResourceContents(uri="note://embedded", mime_type="text/plain", text=text)
        encoded = base64.b64encode(text.encode()).decode()
        blob = types.BlobResourceContents(uri="note://blob", mime_type="text/plain", blob=encoded)
        return [
            types.TextContent(type="text", text=text),
            types.ImageContent(type="image", data=NOT_A_PICTURE, mime_type="image/png"),
            types.AudioContent(type="audio", data=NOT_A_PICTURE, mime_type="audio/wav"),
            types.EmbeddedResource(type="resource", resource=resource),
            types.EmbeddedResource(type="resource", resource=blob),
            types.ResourceLink(type="resource_link", name="linked", uri="note://linked", description=text),
        ]

    @server.tool(structured_output=False)
    def fail(text: str) -> str:
        """Fails and says the text."""
        raise ToolError(text)

    @server.tool(structured_output=False)
    async def count(text: str, steps: int, ctx: Context, pause: float = 0.02) -> str:
        """Reports progress and logs the text at every step, then gives it back."""
        for step in range(1, steps + 1):
            await ctx.report_progress(step, steps, f"step {step}: {text}")
            await ctx.info(f"log {step}: {text}")
            await asyncio.sleep(pause)
        return text

    @server.tool(structured_output=False)
    async def announce(text: str, ctx: Context) -> str:
        """Logs the text outside of this call: it goes out on the stream that a GET opened."""
        await ctx.session.send_log_message("warning", text, logger="announce")
        return "announced"

    @server.tool(structured_output=False)
    def sample(text: str, answer: Annotated[types.CreateMessageResult, Resolve(sampled)]) -> str:
        """Asks the client's model and gives its answer back."""
        return f"the model said: {answer.content.text}"

    @server.tool(structured_output=False)
    def ask(text: str, answer: Annotated[ElicitationResult[Reply], Resolve(elicited)]) -> str:
        """Asks the user of the client and gives the answer back."""
        return f"the user said: {answer.data.reply}" if isinstance(answer, AcceptedElicitation) else answer.action

    @server.tool(structured_output=False)
    def places(listed: Annotated[types.ListRootsResult, Resolve(roots)]) -> str:
        """Gives the client's roots back."""
        return ", ".join(f"{root.name}={root.uri}" for root in listed.roots)

    @server.resource("note://weir", name="weir", description="What a weir is.")
    def note() -> str:
        return "A weir is a low dam across a river."

    @server.resource("note://said/{text}", name="said")
    def said(text: str) -> str:
        return text

    @server.prompt()
    def review(text: str) -> str:
        """Asks for a review of the text."""
        return f"Review this: {text}"

    return server


def application() -> Starlette:
    servers = [build() for _ in range(4)]
    apps = [
        servers[0].streamable_http_app(streamable_http_path="/mcp"),
        servers[1].streamable_http_app(streamable_http_path="/json", json_response=True),
        servers[2].streamable_http_app(streamable_http_path="/resumable", event_store=Events(), retry_interval=50),
        servers[3].sse_app(),
    ]

    @contextlib.asynccontextmanager
    async def lifespan(_):
        async with contextlib.AsyncExitStack() as stack:
            for server in servers[:3]:
                await stack.enter_async_context(server.session_manager.run())
            yield

    return Starlette(routes=[route for app in apps for route in app.routes], lifespan=lifespan)


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    config = uvicorn.Config(application(), log_level="warning", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listener])
