from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.servers.resp import Parser, ProtocolError, Push, Reply, ReplyError, Status, encode


def read(data: bytes, *, commands: bool = False, step: int | None = None) -> list[Reply]:
    parser = Parser(commands=commands)
    values: list[Reply] = []
    for start in range(0, len(data), step or max(len(data), 1)):
        parser.feed(data[start : start + (step or len(data))])
        values += [message.value for message in parser]
    return values


REPLIES: list[tuple[bytes, Reply]] = [
    (b"+OK\r\n", b"OK"),
    (b":-42\r\n", -42),
    (b"$-1\r\n", None),
    (b"$0\r\n\r\n", b""),
    (b"$4\r\na\r\nb\r\n", b"a\r\nb"),
    (b"*-1\r\n", None),
    (b"*0\r\n", []),
    (b"*3\r\n*0\r\n*1\r\n$-1\r\n:7\r\n", [[], [None], 7]),
    (b"_\r\n", None),
    (b",1.5\r\n", 1.5),
    (b"#t\r\n", True),
    (b"(123456789012345678901\r\n", 123456789012345678901),
    (b"=6\r\ntxt:hi\r\n", b"hi"),
    (b"%2\r\n+a\r\n:1\r\n+b\r\n*0\r\n", [b"a", 1, b"b", []]),
    (b"~2\r\n:1\r\n:2\r\n", [1, 2]),
    (b"|1\r\n+ttl\r\n:3\r\n$1\r\nx\r\n", b"x"),
    (b"*2\r\n|1\r\n+ttl\r\n:3\r\n:1\r\n:2\r\n", [1, 2]),
]


@pytest.mark.parametrize("step", [None, 1, 3])
@pytest.mark.parametrize(("data", "value"), REPLIES)
def test_every_type_is_read_in_whatever_pieces_it_comes(data: bytes, value: Reply, step: int | None) -> None:
    assert read(data * 2, step=step) == [value, value]


def test_errors_and_pushes_and_statuses_can_be_told_apart() -> None:
    error, nested, push, status, text = read(
        b"-WRONGTYPE not a list\r\n*1\r\n!5\r\nERR x\r\n>1\r\n+invalidate\r\n+QUEUED\r\n$6\r\nQUEUED\r\n"
    )
    assert isinstance(error, ReplyError)
    assert (error.code, error.text) == ("WRONGTYPE", "WRONGTYPE not a list")
    assert isinstance(nested, list)
    assert isinstance(nested[0], ReplyError)
    assert isinstance(push, Push)
    assert isinstance(status, Status)
    assert not isinstance(text, Status)


def test_raw_bytes_are_passed_on_as_they_came() -> None:
    parser = Parser(commands=True)
    data = encode(["SET", "k", b"\x00\xff\r\n"]) + b"PING  now\r\n" + encode(["GET", "k"])
    parser.feed(data)
    messages = list(parser)
    assert b"".join(message.raw for message in messages) == data
    assert [message.value for message in messages] == [
        [b"SET", b"k", b"\x00\xff\r\n"],
        [b"PING", b"now"],
        [b"GET", b"k"],
    ]


@given(st.lists(st.lists(st.binary(max_size=40), min_size=1, max_size=5), max_size=5), st.integers(1, 30))
def test_what_is_encoded_is_read_back(commands: list[list[bytes]], step: int) -> None:
    data = b"".join(encode(command) for command in commands)
    assert read(data, commands=True, step=step) == commands


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"SSH-2.0-x",
        b"$x\r\n",
        b":one\r\n",
        b"$99999999999\r\n",
        b"*-7\r\n",
        b"*1\r\n" * 40,
        b"+" + b"x" * 70_000,
    ],
)
def test_what_is_not_redis_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        read(data)


def test_a_message_may_not_grow_without_bound() -> None:
    parser = Parser(limit=100)
    parser.feed(b"*90000\r\n" + b"$90\r\n%b\r\n" % (b"x" * 90))
    assert list(parser) == []
    parser.feed(b"$90\r\n%b\r\n" % (b"x" * 90) + b"$0\r\n\r\n" * 20_000)
    with pytest.raises(ProtocolError):
        list(parser)


def test_a_command_is_a_list_of_strings() -> None:
    with pytest.raises(ProtocolError):
        read(b"*1\r\n:1\r\n", commands=True)
