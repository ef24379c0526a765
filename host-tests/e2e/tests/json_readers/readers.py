"""What Python's JSON parsers read: a document in hexadecimal on each line of the input, an object of readings on each of the output."""

import json
import math
import sys

import jiter
import orjson
import ujson


def read_by_jiter(document):
    return jiter.from_json(document.encode() if isinstance(document, str) else document)


PARSERS = {"python": json.loads, "jiter": read_by_jiter, "orjson": orjson.loads, "ujson": ujson.loads}


def read(parse, document):
    try:
        value = parse(document)
    except (ValueError, RecursionError, MemoryError, OverflowError):
        return None
    texts, numbers, ahead = set(), set(), [(None, value)]
    while ahead:
        key, value = ahead.pop()
        if isinstance(value, dict):
            texts.update(value)
            ahead.extend(value.items())
        elif isinstance(value, list):
            ahead.extend((None, element) for element in value)
        elif isinstance(value, str):
            inner = inside(parse, value) if key == "arguments" else None
            if inner is None:
                texts.add(value)
            else:
                ahead.append(inner)
        elif isinstance(value, bool) or value is None:
            pass
        elif isinstance(value, int):
            # str() refuses integers that are too long for anybody; what they are is in the document as it is.
            numbers.add(str(value) if value.bit_length() < 10_000 else f"{value:x}")
        else:
            numbers.add(repr(value))
            if math.isfinite(value) and value.is_integer() and abs(value) < 1e38:
                numbers.add(str(int(value)))
    return {
        "texts": [text.encode("utf-8", "surrogatepass").hex() for text in texts],
        "numbers": sorted(numbers),
    }


def inside(parse, text):
    """The JSON in a string, as an agent reads the arguments of a tool call."""
    try:
        return None, parse(text)
    except (ValueError, RecursionError, UnicodeError):
        return None


for line in sys.stdin:
    document = bytes.fromhex(line)
    print(json.dumps({name: read(parse, document) for name, parse in PARSERS.items()}), flush=True)
