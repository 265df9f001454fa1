from __future__ import annotations

import pytest

from grader.servers.reply_text import reply_lines
from grader.servers.resp import Reply, ReplyError, Status


@pytest.mark.parametrize(
    ("reply", "lines"),
    [
        (None, ["(nil)"]),
        (7, ["(integer) 7"]),
        (True, ["(true)"]),
        (1.5, ["(double) 1.5"]),
        (Status(b"OK"), ["OK"]),
        (b'a "b"', [r'"a \"b\""']),
        (b"\x80\x04\x1b[2J", [r'"\x80\x04\x1b[2J"']),
        (ReplyError("ERR no \x1b"), [r"(error) ERR no \x1b"]),
        ([], ["(empty)"]),
        ([b"a", [1, None], []], ['1) "a"', "2) 1) (integer) 1", "   2) (nil)", "3) (empty)"]),
        (b"# Server\r\nredis_version:7\r\n", ["# Server", "redis_version:7"]),
    ],
)
def test_replies_are_written_as_redis_tools_write_them(reply: Reply, lines: list[str]) -> None:
    assert reply_lines(reply) == lines


def test_a_long_value_and_a_long_list_are_cut() -> None:
    (line,) = reply_lines(b"x" * 5000)
    assert len(line) < 1100
    assert line.endswith("(5.0 kB)")
    lines = reply_lines([1] * 2000)
    assert len(lines) == 501
    assert lines[-1] == "… 1500 more lines"
