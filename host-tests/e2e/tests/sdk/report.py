"""What one call of an SDK came to, as one JSON object: in, what a client script saw and what it raised; out, one line.

    {"text": "...", "reasoning": "...", "tool_calls": [{"name": "...", "arguments": {...}}], "events": 3, "finish": "stop",
     "usage": {...}, "raised": null}

- `text`, `reasoning`: what the application was given, in order, the deltas of a stream joined.
- `tool_calls[].arguments`: the parsed JSON; the text itself where it does not parse, so that a test can tell.
- `events`: how many items the SDK's iterator gave; 0 in a call that is not streamed.
- `finish`, `usage`: as the SDK names them; null where it gave none.
- `raised`: null, or {"class", "package", "status", "code", "message", "body", "exchange", "after_text", "after_calls"}: the
  name and the top package of the exception's class (an error of another package than the SDK's own is not typed), the HTTP
  status and the code that the class shows (null where it shows none), `str()` of it, the body it carries, the header
  `x-weir-exchange` of the response it carries, and the text and the unfinished tool calls that had come before it.

Every script takes a base URL and a JSON object on its command line. The object's `prompt` is said `repeat` times (1 by
default), so that a large prompt fits a command line. A script ends with status 0 whatever the SDK raised; only what is wrong
with the script itself ends it otherwise.
"""

import json
import sys


class Report:
    def __init__(self):
        self.text = ""
        self.reasoning = ""
        self.tool_calls = []
        self.events = 0
        self.finish = None
        self.usage = None
        self.raised = None
        # Tool calls of a stream that have begun: name and arguments by the key that the dialect gives them.
        self._begun = {}

    def called(self, name, arguments):
        """One complete tool call; arguments as a dictionary or as JSON text."""
        self.tool_calls.append({"name": name, "arguments": parsed(arguments)})

    def call_delta(self, key, name, arguments):
        """A piece of a streamed tool call."""
        before = self._begun.get(key, ("", ""))
        self._begun[key] = (before[0] + (name or ""), before[1] + (arguments or ""))

    def calls_done(self):
        """The stream has ended well: what has begun is complete."""
        for name, arguments in self._begun.values():
            self.called(name, arguments)
        self._begun.clear()

    def answer_again(self):
        """Forgets the deltas, before the whole answer that a helper of the SDK made of them is read."""
        self.text, self.reasoning, self.tool_calls = "", "", []
        self._begun.clear()

    def failed(self, error, status=None, code=None, body=None, headers=None):
        kind = type(error)
        self.raised = {
            "class": kind.__name__,
            "package": kind.__module__.partition(".")[0],
            "status": status,
            "code": code,
            "message": str(error),
            "body": body,
            "exchange": (headers or {}).get("x-weir-exchange"),
            "after_text": self.text,
            "after_calls": [{"name": name, "arguments": text} for name, text in self._begun.values()],
        }

    def shown(self):
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}


def parsed(arguments):
    if not isinstance(arguments, str):
        return arguments
    try:
        return json.loads(arguments)
    except ValueError:
        return arguments


def headers_of(error):
    """The headers of the response that an error carries, where it carries one."""
    return getattr(getattr(error, "response", None), "headers", None)


def run(call, describe):
    """Runs `call(report, url, what)` with the two arguments of the command line, and prints the report.

    `describe(error)` gives what an error of the SDK shows, as keyword arguments of `Report.failed`.
    """
    url, what = sys.argv[1], json.loads(sys.argv[2])
    what["prompt"] *= what.get("repeat", 1)
    report = Report()
    try:
        call(report, url, what)
    except Exception as error:  # Whatever it is: naming it is the purpose.
        report.failed(error, **describe(error))
    json.dump(report.shown(), sys.stdout, default=str)
    sys.stdout.write("\n")
