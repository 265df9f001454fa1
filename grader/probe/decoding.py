"""The one decoder of JSON that comes from outside: bounded in size, depth, numbers and text."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

MAX_BYTES = 16_000_000
MAX_DEPTH = 100
MAX_DIGITS = 19
"""Digits of a whole number: as many as 64 bits hold."""

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class Malformed(ValueError):
    """The text is no JSON, or goes beyond a bound."""


def decode(data: bytes | str, most: int = MAX_BYTES) -> Any:
    """The value of `data`, a JSON text of at most so many bytes or characters. Raises Malformed.

    Every number is finite, every text can be written as UTF-8, and nothing lies deeper than `MAX_DEPTH`.
    """
    if len(data) > most:
        raise Malformed("the text is too long")
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        value = json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=_no_number)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()  # half a pair is no character
    except (ValueError, RecursionError) as error:
        raise Malformed(str(error)) from error
    if _depth(value) > MAX_DEPTH:
        raise Malformed("the value is nested too deeply")
    return value


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS + digits.startswith("-"):
        raise Malformed("a number is too large")
    return int(digits)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Malformed("a number is too large")
    return number


def _no_number(name: str) -> NoReturn:
    raise Malformed(f"{name} is no JSON")


def _depth(value: Any) -> int:
    """How deep lists and objects are nested: level by level, since a recursion would end early."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, (dict, list))]:
        depth += 1
        if depth > MAX_DEPTH:
            break
        level = [part for each in level for part in (each.values() if isinstance(each, dict) else each)]
    return depth
