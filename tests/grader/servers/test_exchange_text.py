from __future__ import annotations

import pytest

from grader.servers.exchange_text import describe
from grader.servers.resp import Reply, ReplyError
from grader.servers.traffic import KEPT, Traffic, exchange


@pytest.mark.parametrize(
    ("command", "reply", "line"),
    [
        ([b"get", b":1:k"], b"v", "GET :1:k hit"),
        ([b"GET", b":1:k"], None, "GET :1:k miss"),
        ([b"SET", b"k", b"secret", b"PX", b"300", b"NX"], None, "SET k 6 B PX 300 NX nil"),
        ([b"SETEX", b"k", b"60", b"secret"], b"OK", "SETEX k 60 6 B"),
        ([b"MSET", b"a", b"12", b"b", b"345"], b"OK", "MSET a 2 B b 3 B"),
        ([b"HSET", b"h", b"f", b"12", b"g", b"3"], 2, "HSET h f 2 B g 1 B 2"),
        ([b"MGET", b"a", b"b"], [b"1", None], "MGET a b 1 of 2 found"),
        ([b"HGETALL", b"h"], [], "HGETALL h miss"),
        ([b"EXISTS", b"k"], 0, "EXISTS k miss"),
        ([b"AUTH", b"me", b"secret"], b"OK", "AUTH *** ***"),
        ([b"HELLO", b"3", b"AUTH", b"me", b"secret"], [], "HELLO 3 *** *** ***"),
        ([b"SADD", b"tag", b"secret"], 1, "SADD tag 6 B 1"),
        ([b"DEL", *(b"k%d" % n for n in range(10))], 10, "DEL k0 k1 k2 k3 k4 k5 … (4 more) 10"),
        ([b"GET", b"\x1b[31m\xff\n"], None, r"GET \x1b[31m\xff\x0a miss"),
        ([b"GET", "clé".encode()], None, "GET clé miss"),
        ([b"GET", b"k" * 5000], None, "GET " + "k" * 60 + "… miss"),
        ([b"INCR", b"k"], ReplyError("WRONGTYPE \x1b[2J"), r"INCR k error: WRONGTYPE \x1b[2J"),
    ],
)
def test_one_line_says_what_happened_and_no_value(command: list[bytes], reply: Reply, line: str) -> None:
    assert describe(exchange(0.0, 1, 0, tuple(command), reply)) == line


def test_a_huge_command_is_kept_small() -> None:
    kept = exchange(0.0, 1, 0, (b"DEL", *([b"k" * 100_000] * 5000)), 0)
    assert sum(map(len, kept.command)) < 20_000
    assert (kept.words, kept.sizes[1]) == (5001, 100_000)


def test_the_log_forgets_the_oldest_and_its_marks_stay_right() -> None:
    log = Traffic()
    log.add(exchange(0.0, 1, 0, (b"GET", b"first"), None))
    for number in range(KEPT):
        log.add(exchange(0.0, 1, 0, (b"GET", b"%d" % number), None))
    mark = log.mark()
    log.add(exchange(0.0, 1, 0, (b"GET", b"last"), None))
    assert [describe(each) for each in log.since(mark)] == ["GET last miss"]
    assert len(log.since()) == KEPT
    assert log.since()[0].command[1] == b"1"
