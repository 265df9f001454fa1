"""The story of a check: scenes, who acts, and what was asked over and over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.result import Source
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.timeline import Timeline
from grader.servers.client import Client
from grader.servers.private import PrivateServer
from grader.servers.proxy import Proxy

ROWS = Response(200, {}, b'[{"id": 1}]', sql=())


@pytest.fixture
def proxy(private_server: PrivateServer) -> Iterator[Proxy]:
    proxy = Proxy(private_server.address).start()
    yield proxy
    proxy.stop()


def texts(timeline: Timeline) -> list[str]:
    return [event.text for event in timeline.events()]


def test_a_scene_drops_what_came_before_in_redis_too(proxy: Proxy) -> None:
    timeline = Timeline(proxy)
    with Client(proxy.address) as client:
        client.call("SET", "old", "1")
        timeline.note("before")
        timeline.restart()
        timeline.note("after")
        client.call("SET", "new", "1")
    assert texts(timeline) == ["after", "SET new 1 B"]


def test_a_named_write_is_told_where_it_begins_and_where_it_ends(proxy: Proxy) -> None:
    timeline = Timeline(proxy)
    timeline.begins("writer", "PATCH", "/users/2/")
    timeline.request("GET", "/users/", 0.0, ROWS, "reader")
    timeline.note("meanwhile")
    timeline.request("PATCH", "/users/2/", 0.0, Response(200, {}, b"{}"), "writer")
    assert texts(timeline) == [
        "reader: GET /users/ → 200, 1 row",  # it began at 0
        "writer: PATCH /users/2/ begins",
        "meanwhile",
        "writer: PATCH /users/2/ → 200",
    ]


def test_what_is_asked_over_and_over_is_told_once(proxy: Proxy) -> None:
    timeline = Timeline(proxy)
    for at in (1.0, 2.0):
        timeline.note("GET /a", at=at)
        timeline.note("SELECT a", Source.DATABASE, at)
    for at in range(3, 24):
        timeline.note("GET /b", at=float(at))
        timeline.note("SELECT b", Source.DATABASE, float(at))
    assert texts(timeline) == ["GET /a", "SELECT a"] * 2 + ["GET /b (asked 21 times)", "SELECT b"]


def test_another_database_than_the_first_is_told(proxy: Proxy) -> None:
    timeline = Timeline(proxy)
    with Client(proxy.address) as client:
        client.call("SELECT", "1")
        client.call("SET", "users", "1")
        client.call("SELECT", "2")
        client.call("DEL", "users")
        client.call("SELECT", "1")
        client.call("GET", "users")
    assert texts(timeline) == ["SET users 1 B", "db 2: DEL users 0", "GET users hit"]


def test_of_many_commands_alike_the_first_and_the_last_are_told(proxy: Proxy) -> None:
    timeline = Timeline(proxy)
    with Client(proxy.address) as client:
        for number in range(1, 6):
            client.call("SET", f"user_{number}", "x" * number, "PX", "300000")
        for number in range(1, 4):
            client.call("GET", f"user_{number}")
        for number in (4, 5, 6, 7):
            client.call("GET", f"user_{number}")
        client.call("SET", "user_8", "x", "PX", "60000")
    assert texts(timeline) == [
        "SET user_1 1 B PX 300000",
        "SET user_5 5 B PX 300000 (the last of 5 alike)",
        "GET user_1 hit",
        "GET user_5 hit (the last of 5 alike)",
        "GET user_6 miss",
        "GET user_7 miss",
        "SET user_8 1 B PX 60000",
    ]


def test_a_counter_that_goes_on_does_not_make_a_request_another(proxy: Proxy) -> None:
    timeline = Timeline(proxy)
    with Client(proxy.address) as client:
        for _ in range(5):
            timeline.note("GET /a → 200")
            client.call("INCR", "hits")
    assert texts(timeline) == ["GET /a → 200 (asked 5 times)", "INCR hits 5"]
