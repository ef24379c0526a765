"""One call of the official SDK: argument 1 is the base URL, argument 2 what to do, as JSON. Prints what came of it as JSON.

Retries are those of the SDK's default, so that a caller who counts requests sees whether it tried again.
"""

import asyncio
import json
import sys

import openai


def arguments(what):
    content = what["prompt"] * what.get("repeat", 1)
    return {"model": "mock-1", "messages": [{"role": "user", "content": content}]}


def raised(error):
    told = {"class": type(error).__name__, "message": str(error)}
    if isinstance(error, openai.APIStatusError):
        told |= {
            "status": error.status_code,
            "code": error.code,
            "type": error.type,
            "body": error.body,
            "exchange": error.response.headers.get("x-weir-exchange"),
        }
    return {"raised": told}


async def many(url, what):
    async with openai.AsyncOpenAI(base_url=url, api_key="none", timeout=20) as client:
        calls = [client.chat.completions.create(**arguments(what)) for _ in range(what["parallel"])]
        return [answer.choices[0].message.content for answer in await asyncio.gather(*calls)]


def main(url, what):
    if "parallel" in what:
        return {"contents": asyncio.run(many(url, what))}
    with openai.OpenAI(base_url=url, api_key="none", timeout=20) as client:
        if "models" in what:
            return {"models": [model.id for model in client.models.list()]}
        if what.get("stream"):
            return {"events": [event.to_dict() for event in client.chat.completions.create(**arguments(what), stream=True)]}
        return {"message": client.chat.completions.create(**arguments(what)).choices[0].message.to_dict()}


if __name__ == "__main__":
    try:
        result = main(sys.argv[1], json.loads(sys.argv[2]))
    except openai.APIError as error:
        result = raised(error)
    json.dump(result, sys.stdout)
