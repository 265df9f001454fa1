"""What comes out of the jail: one JSON object a line, each with a word that says what it is."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from grader.boundary.schema import Unfit, plain, read
from grader.errors import ExitStatus
from grader.probe.decoding import decode
from grader.result import Result, Verdict

MAX_LINE = 8 * 1024 * 1024
"""Bytes of one line; the result of the longest activity has 200 kB."""
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Ready:
    """The judge can host projects in the inner jail."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict of one check, as soon as there is one."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Finished:
    """The run of this number has ended."""

    number: int
    result: Result


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The run of this number was cancelled."""

    number: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A run, or the judge itself, could not go on; `status` says whose matter that is."""

    status: int
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Connect:
    """Ask the Redis of the learner's machine at this URL."""

    url: str


Reply = Ready | Judged | Finished | Cancelled | Refused | Connect


class Word(StrEnum):
    """The first key of a line."""

    READY = "ready"
    JUDGED = "judged"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    CONNECT = "connect"


_CLASSES: dict[Word, type[Reply]] = {
    Word.READY: Ready,
    Word.JUDGED: Judged,
    Word.FINISHED: Finished,
    Word.CANCELLED: Cancelled,
    Word.REFUSED: Refused,
    Word.CONNECT: Connect,
}


class BadReply(Exception):
    """What came out of the jail is not what the judge says."""


def line(reply: Reply) -> bytes:
    """The reply as one line."""
    word = next(word for word, kind in _CLASSES.items() if type(reply) is kind)
    text = json.dumps({word.value: plain(reply)}, allow_nan=False)
    return text.encode() + b"\n"


def parse(data: bytes) -> Reply:
    """The reply of a line. Raises BadReply."""
    try:
        value: Any = decode(data, MAX_LINE)
        if not isinstance(value, dict) or len(value) != 1:
            raise Unfit("not one key")
        word, fields = next(iter(value.items()))
        reply = read(fields, _CLASSES[Word(word)])
    except ValueError as error:  # Malformed and Unfit are of this kind
        raise BadReply(str(error)) from error
    if isinstance(reply, Refused) and reply.status not in set(ExitStatus):
        raise BadReply("no exit status")
    return reply


def lines(descriptor: int) -> Iterator[bytes]:
    """The lines from the pipe, until its end. Raises BadReply for a line that is too long."""
    rest = bytearray()
    while chunk := os.read(descriptor, _CHUNK):
        *whole, last = chunk.split(b"\n")
        for part in whole:
            yield bytes(rest + part)
            rest.clear()
        rest += last
        if len(rest) > MAX_LINE:
            raise BadReply("a line is too long")
