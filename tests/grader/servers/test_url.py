from __future__ import annotations

import pytest

from grader.errors import UsageError
from grader.servers.address import Tcp, Unix
from grader.servers.url import RedisUrl, parse


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("redis://127.0.0.1:6379/1", RedisUrl(Tcp("127.0.0.1", 6379), db=1)),
        ("redis://localhost", RedisUrl(Tcp("localhost", 6379))),
        ("redis://:p%40ss@h:7/2", RedisUrl(Tcp("h", 7), password="p@ss", db=2)),
        ("rediss://me:pw@h:7?db=3", RedisUrl(Tcp("h", 7), tls=True, username="me", password="pw", db=3)),
        ("redis://[::1]:6380/0", RedisUrl(Tcp("::1", 6380))),
        ("unix:///run/redis.sock?db=4", RedisUrl(Unix("/run/redis.sock"), db=4)),
        ("redis://a:1/0,redis://b:2/0", RedisUrl(Tcp("a", 1))),
        ("redis://a:1/cache", RedisUrl(Tcp("a", 1))),
    ],
)
def test_urls_are_read_as_redis_py_reads_them(url: str, target: RedisUrl) -> None:
    assert parse(url) == target


@pytest.mark.parametrize(
    "url", ["", "  ", "localhost:6379", "http://h/", "redis://h:port/", "unix://", "_______"]
)
def test_what_is_no_redis_url_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(url)
    assert "db=1" in caught.value.remedy or "redis://127.0.0.1:6379/1" in caught.value.remedy


def test_the_password_is_never_shown() -> None:
    assert str(parse("redis://me:secret@h:7/2")) == "redis://***@h:7/2"
    with pytest.raises(UsageError) as caught:
        parse("reddis://me:secret@h:7/2")
    assert "secret" not in str(caught.value)
