"""What comes out of the jail is read with bounds, or refused."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.boundary import replies, schema
from grader.result import (
    CachedView,
    Cell,
    Event,
    Fault,
    LeftOut,
    LeftOutReason,
    Outcome,
    Result,
    Source,
    SourceLocation,
    Tier,
    Verdict,
    Write,
)

VERDICT = Verdict(
    "L2",
    "title",
    Tier.CORE,
    Outcome.FAILED,
    0,
    2,
    Fault.CODE,
    "seen",
    "means",
    "try",
    "how",
    ("L1",),
    SourceLocation("users/views.py", 7),
    (Event(1.5, Source.REDIS, "GET users"),),
    (Cell(CachedView.USER_LIST, Write.POST, False),),
)
RESULT = Result(
    "activity-4",
    Outcome.FAILED,
    Fault.CODE,
    (),
    (VERDICT,),
    "bubblewrap",
    {"django": "5.2"},
    12.0,
    (LeftOut("a", LeftOutReason.LINK),),
)

ALL = (
    replies.Ready(),
    replies.Judged(VERDICT),
    replies.Finished(3, RESULT),
    replies.Cancelled(3),
    replies.Refused(3, "sentence", "remedy"),
    replies.Connect("redis://127.0.0.1:6379/1"),
)


@pytest.mark.parametrize("reply", ALL, ids=lambda reply: type(reply).__name__)
def test_a_reply_comes_out_as_it_went_in(reply: replies.Reply) -> None:
    assert replies.parse(replies.line(reply).rstrip(b"\n")) == reply


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The line of a verdict with one thing changed."""
    value = json.loads(replies.line(replies.Judged(VERDICT)))
    change(value["judged"]["verdict"])
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 60_000,
        b'{"judged": {}}',
        b'{"shell": {}}',
        b'{"ready": {}, "connect": {"url": ""}}',
        b'{"refused": {"status": 99, "sentence": "", "remedy": ""}}',
        b'{"cancelled": {"number": true}}',
        b'{"cancelled": {"number": 1e999}}',
        b'{"cancelled": {"number": ' + b"9" * 400 + b"}}",
        changed(lambda verdict: verdict.pop("id")),
        changed(lambda verdict: verdict.update(extra=1)),
        changed(lambda verdict: verdict.update(points="2")),
        changed(lambda verdict: verdict.update(points=True)),
        changed(lambda verdict: verdict.update(tier="legendary")),
        changed(lambda verdict: verdict.update(needs="L1")),
        changed(lambda verdict: verdict.update(seen="x" * (schema.MAX_TEXT + 1))),
        changed(lambda verdict: verdict.update(needs=["x"] * (schema.MAX_ITEMS + 1))),
        changed(lambda verdict: verdict["where"].update(line=1.5)),
        changed(lambda verdict: verdict["evidence"][0].update(at_ms=float("nan"))),
    ],
    ids=lambda line: str(line[:40]),
)
def test_what_is_no_reply_is_refused(line: bytes) -> None:
    with pytest.raises(replies.BadReply):
        replies.parse(line)


@given(st.binary() | st.text().map(str.encode))
def test_no_bytes_do_more_than_be_refused(line: bytes) -> None:
    with contextlib.suppress(replies.BadReply):
        replies.parse(line)


def test_a_text_that_is_none_is_mended_before_it_leaves() -> None:
    verdict = Verdict("L2", "half a \ud800 pair", Tier.CORE, Outcome.PASSED, seen="x" * 200_000)
    reply = replies.parse(replies.line(replies.Judged(verdict)).rstrip(b"\n"))
    assert isinstance(reply, replies.Judged)
    assert reply.verdict.title == "half a ? pair"
    assert len(reply.verdict.seen) == schema.MAX_TEXT


def test_a_line_without_an_end_is_refused() -> None:
    reader, writer = os.pipe()

    def write() -> None:
        with os.fdopen(writer, "wb") as pipe:
            try:
                for _ in range(replies.MAX_LINE // 65_536 + 3):
                    pipe.write(b"x" * 65_536)
            except OSError:
                pass

    thread = threading.Thread(target=write)
    thread.start()
    with pytest.raises(replies.BadReply):
        list(replies.lines(reader))
    os.close(reader)
    thread.join()
