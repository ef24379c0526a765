"""Google's Gen AI Python SDK: `google_client.py BASE_URL JSON`, where BASE_URL is what comes before `/v1beta/models`.

JSON: {"do": "plain" | "stream" | "tool" | "stream_tool", "prompt": "..."}. Streams are server-sent events (`alt=sse`): the
SDK knows no other form. Prints what `report.py` says; `code` is the `status` of the error in the body, such as
`PERMISSION_DENIED`.

The SDK does not retry unless it is told to.
"""

from google import genai
from google.genai import errors, types
from report import headers_of, run

TOOL = types.FunctionDeclaration(
    name="notify",
    description="Sends a text to a team.",
    parameters_json_schema={
        "type": "object",
        "properties": {"to": {"type": "string"}, "text": {"type": "string"}},
        "required": ["to"],
    },
)


def answered(report, answer):
    for candidate in answer.candidates or []:
        for part in (candidate.content and candidate.content.parts) or []:
            if part.function_call:
                report.called(part.function_call.name, part.function_call.args)
            elif part.text and part.thought:
                report.reasoning += part.text
            elif part.text:
                report.text += part.text
        report.finish = candidate.finish_reason.value if candidate.finish_reason else report.finish
    feedback = answer.prompt_feedback
    if feedback and feedback.block_reason:
        # The SDK gives this answer and does not raise: an application has to look for it.
        report.finish = "prompt blocked: " + feedback.block_reason.value
    if answer.usage_metadata:
        report.usage = answer.usage_metadata.model_dump(mode="json", exclude_none=True)


def call(report, url, what):
    options = types.HttpOptions(base_url=url, timeout=20_000)
    config = types.GenerateContentConfig(
        tools=[types.Tool(function_declarations=[TOOL])] if what["do"].endswith("tool") else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    arguments = {"model": "mock-1", "contents": what["prompt"], "config": config}
    client = genai.Client(api_key="none", vertexai=False, http_options=options)
    if what["do"].startswith("stream"):
        for chunk in client.models.generate_content_stream(**arguments):
            report.events += 1
            answered(report, chunk)
    else:
        answered(report, client.models.generate_content(**arguments))


def describe(error):
    if not isinstance(error, errors.APIError):
        return {}
    return {"status": error.code, "code": error.status, "body": error.details, "headers": headers_of(error)}


if __name__ == "__main__":
    run(call, describe)
