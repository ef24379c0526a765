"""A real A2A agent, on loopback. Argument 1 is the port, 0 for any; the first line on stdout says which: {"port": n}.

/ is JSON-RPC and /rest is HTTP+JSON, both in protocol 1.0 and 0.3, and the card is where agents have it. The agent says
what it is told, in the way that the first word says: `message` is one message, `task` is a task with a status, an
artifact in chunks, a file and data, `ask` is a task that wants more input.
"""

import asyncio
import json
import socket
import sys

import uvicorn
from a2a.helpers import new_data_part, new_raw_part, new_task_from_user_message, new_text_part, new_url_part
from a2a.server.agent_execution import AgentExecutor, RequestContext
from a2a.server.events import EventQueue
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.server.routes import create_agent_card_routes, create_jsonrpc_routes, create_rest_routes
from a2a.server.tasks import InMemoryTaskStore, TaskUpdater
from a2a.types import AgentCapabilities, AgentCard, AgentInterface, AgentSkill, Message, Role
from starlette.applications import Starlette


# Where the agent speaks which binding.
PATHS = {"": "JSONRPC", "/rest": "HTTP+JSON"}


class Says(AgentExecutor):
    async def execute(self, context: RequestContext, event_queue: EventQueue) -> None:
        how, _, text = context.get_user_input().partition(" ")
        if how == "message":
            parts = [new_text_part(text)]
            reply = Message(role=Role.ROLE_AGENT, message_id="reply", context_id=context.context_id, parts=parts)
            await event_queue.enqueue_event(reply)
            return
        task = context.current_task or new_task_from_user_message(context.message)
        if context.current_task is None:
            await event_queue.enqueue_event(task)
        updater = TaskUpdater(event_queue, task.id, task.context_id)
        if how == "ask":
            await updater.requires_input(updater.new_agent_message([new_text_part(f"Which one? {text}")]))
            return
        await updater.start_work(updater.new_agent_message([new_text_part(f"Working on it: {text}")]))
        # Characters, not words: whatever is in the text is split between chunks.
        size = max(1, (len(text) + 3) // 4)
        chunks = [text[start : start + size] for start in range(0, len(text), size)]
        for number, chunk in enumerate(chunks):
            last = number == len(chunks) - 1
            await updater.add_artifact([new_text_part(chunk)], "answer", "answer", append=number > 0, last_chunk=last)
            await asyncio.sleep(0.01)
        data = new_data_part({"said": text, "length": len(text)})
        file = new_raw_part(text.encode(), "text/plain", "answer.txt")
        await updater.add_artifact(
            [data, file, new_url_part("https://files.example/answer.txt", "text/plain")], "files", "files"
        )
        await updater.complete(updater.new_agent_message([new_text_part("Done.")]))

    async def cancel(self, context: RequestContext, event_queue: EventQueue) -> None:
        await TaskUpdater(event_queue, context.task_id, context.context_id).cancel()


def card(url: str) -> AgentCard:
    bindings = [(path, name, version) for path, name in PATHS.items() for version in ("1.0", "0.3")]
    return AgentCard(
        name="weir-e2e",
        description="Says what it is told.",
        version="1.0.0",
        supported_interfaces=[
            AgentInterface(url=url + p, protocol_binding=b, protocol_version=v) for p, b, v in bindings
        ],
        capabilities=AgentCapabilities(streaming=True),
        default_input_modes=["text/plain"],
        default_output_modes=["text/plain"],
        skills=[AgentSkill(id="say", name="say", description="Says what it is told.", tags=["test"])],
    )


def application(url: str) -> Starlette:
    handler = DefaultRequestHandler(Says(), InMemoryTaskStore(), card(url))
    routes = create_agent_card_routes(card(url))
    routes += create_jsonrpc_routes(handler, "/", enable_v0_3_compat=True)
    routes += create_rest_routes(handler, path_prefix="/rest", enable_v0_3_compat=True)
    return Starlette(routes=routes)


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    port = listener.getsockname()[1]
    print(json.dumps({"port": port}), flush=True)
    config = uvicorn.Config(application(f"http://127.0.0.1:{port}"), log_level="warning", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listener])
