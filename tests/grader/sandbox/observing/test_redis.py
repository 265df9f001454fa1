"""What a check sees of the private server."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator

import pytest

from grader.sandbox.observing.redis import MAX_UNPACKED, Key, Redis
from grader.servers.client import Client
from grader.servers.private import PrivateServer
from grader.servers.resp import ReplyError


@pytest.fixture(scope="module")
def server() -> Iterator[PrivateServer]:
    with PrivateServer() as server:
        yield server


@pytest.fixture
def client(server: PrivateServer) -> Iterator[Client]:
    with server.client() as client:
        client.call("FLUSHALL")
        yield client


@pytest.fixture
def redis(client: Client, server: PrivateServer) -> Redis:
    return Redis(server.client())


@pytest.mark.parametrize("pack", [bytes, zlib.compress, gzip.compress, bz2.compress, lzma.compress])
def test_a_text_is_seen_in_a_value_packed_in_any_usual_way(pack: Callable[[bytes], bytes]) -> None:
    key = Key(0, b"user_list", "string", None, pack(b'[{"first_name": "x123456789"}]' * 9))
    assert key.holds(["nothing", "x123456789"])
    assert not key.holds(["x999999999"])
    assert not key.holds([])


@pytest.mark.parametrize("value", [b"", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\x00", zlib.compress(b"x" * 99)[:-4]])
def test_a_value_that_cannot_be_unpacked_holds_nothing(value: bytes) -> None:
    assert not Key(0, b"k", "string", None, value).holds(["absent"])


def test_keys_of_every_kind_and_database_are_seen(redis: Redis, client: Client) -> None:
    client.call("SET", "plain", "muraho", "EX", "100")
    client.call("HSET", "hash", "field", "muraho")
    client.call("RPUSH", "list", "muraho", "neza")
    client.call("SELECT", "5")
    client.call("SADD", "set", "muraho")
    client.call("ZADD", "ranks", "1", "muraho")
    client.call("XADD", "stream", "1-1", "said", "muraho")
    keys = redis.keys()
    found = {key.text: key for key in keys}
    assert {name: (key.db, key.kind) for name, key in found.items()} == {
        "plain": (0, "string"),
        "hash": (0, "hash"),
        "list": (0, "list"),
        "set": (5, "set"),
        "ranks": (5, "zset"),
        "stream": (5, "stream"),
    }
    assert {name for name, key in found.items() if key.holds(["muraho"])} == set(found) - {"stream"}
    ttl = found["plain"].ttl_ms
    assert ttl is not None
    assert 90_000 < ttl <= 100_000
    assert found["hash"].ttl_ms is None
    assert found["list"].size == len(b"muraho\nneza")


def test_only_the_keys_that_are_named_are_deleted(redis: Redis, client: Client) -> None:
    for db in ("0", "3"):
        client.call("SELECT", db)
        client.call("SET", "same", db)
    one, two = redis.keys()
    assert (one.db, two.db) == (0, 3)
    redis.delete([two])
    assert redis.keys() == [one]
    redis.flush()
    assert redis.keys() == []


def test_a_name_that_is_no_text_can_be_read(redis: Redis, client: Client) -> None:
    client.call("SET", b"\xff\x00k", "1")
    (key,) = redis.keys()
    assert key.text == "\\xff\x00k"
    redis.delete([key])
    assert redis.keys() == []


def test_a_value_is_unpacked_no_further_than_needed() -> None:
    bomb = zlib.compressobj(9)
    packed = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(100)) + bomb.flush()
    assert max(map(len, Key(0, b"bomb", "string", None, packed)._readings())) <= MAX_UNPACKED


def test_a_script_that_never_ends_is_stopped(redis: Redis, server: PrivateServer) -> None:
    with server.client(timeout=0.1) as project:
        with pytest.raises(TimeoutError):
            project.call("EVAL", "while true do end", "0")
        redis.flush()
    assert redis.keys() == []


def test_which_texts_are_in_values_is_told_for_many_at_once(redis: Redis, client: Client) -> None:
    client.call("SET", "one", "muraho-neza")
    client.call("SADD", "two", "amakuru")
    assert redis.holding(["muraho", "neza", "amakuru", "nothing", "one"]) == {"muraho", "neza", "amakuru"}
    assert redis.holding([]) == set()


def test_nothing_that_a_project_taught_the_server_outlives_a_flush(redis: Redis, client: Client) -> None:
    code = "#!lua name=left\nredis.register_function('answer', function() return 42 end)"
    try:
        client.call("FUNCTION", "LOAD", code)
    except ReplyError:
        pytest.skip("this server has no functions")
    assert client.call("FCALL", "answer", "0") == 42
    redis.flush()
    with pytest.raises(ReplyError, match="Function not found"):
        client.call("FCALL", "answer", "0")
