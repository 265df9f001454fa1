from __future__ import annotations

import errno
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.errors import GraderError
from grader.servers.address import Unix
from grader.servers.client import Client
from grader.servers.exchange_text import describe
from grader.servers.hold import Stage
from grader.servers.listener import listen_by_number
from grader.servers.private import PrivateServer
from grader.servers.proxy import Proxy
from grader.servers.resp import encode
from grader.servers.traffic import ReplyKind


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def lines(proxy: Proxy, mark: int = 0) -> list[str]:
    return [describe(exchange) for exchange in proxy.since(mark)]


def test_it_forwards_and_keeps_the_log(proxy: Proxy, through: Client) -> None:
    through.call("CLIENT", "SETNAME", "x")
    mark = proxy.mark()
    before = time.monotonic()
    through.call("GET", "k")
    through.call("SET", "k", b"v" * 1234, "EX", 300)
    assert through.call("GET", "k") == b"v" * 1234
    through.call("DEL", "k")
    assert lines(proxy, mark) == ["GET k miss", "SET k 1.2 kB EX 300", "GET k hit", "DEL k 1"]
    hit = proxy.since(mark)[2]
    assert (hit.reply_kind, hit.reply_size) == (ReplyKind.HIT, 1234)
    assert before <= hit.at <= time.monotonic()
    assert [exchange.setup for exchange in proxy.since()] == [True, False, False, False, False]


def test_the_db_is_the_one_each_command_ran_in(proxy: Proxy, through: Client) -> None:
    with Client(proxy.address) as other:
        through.call_many([["GET", "a"], ["SELECT", 3], ["GET", "a"], ["SELECT", 999], ["GET", "a"]])
        other.call("GET", "a")
    gets = [(e.connection, e.db) for e in proxy.since() if e.name == "GET"]
    assert [db for _, db in gets] == [0, 3, 3, 0]
    assert len({connection for connection, _ in gets}) == 2


def test_a_transaction_is_told_command_by_command(proxy: Proxy, through: Client) -> None:
    replies = through.call_many([["MULTI"], ["SET", "k", "QUEUED"], ["GET", "k"], ["EXEC"], ["GET", "k"]])
    assert replies[3:] == [[b"OK", b"QUEUED"], b"QUEUED"]
    assert lines(proxy) == ["MULTI", "SET k 6 B", "GET k hit", "EXEC", "GET k hit"]


def test_resp3_and_pushes_pass_through(proxy: Proxy, server: PrivateServer, through: Client) -> None:
    through.call("HELLO", 3)
    through.call("CLIENT", "TRACKING", "ON")
    through.call("GET", "k")
    with server.client() as direct:
        direct.call("SET", "k", "new")
    assert through.call("GET", "k") == b"new"
    assert lines(proxy)[-2:] == ["GET k miss", "GET k hit"]


def test_a_push_answers_no_command(
    proxy: Proxy,
    server: PrivateServer,
    through: Client,
    pool: ThreadPoolExecutor,
    until: Callable[[Callable[[], bool]], bool],
) -> None:
    through.call("HELLO", 3)
    through.call("CLIENT", "TRACKING", "ON")
    through.call("GET", "k")
    waiting = pool.submit(through.call, "BLPOP", "q", 5)
    with server.client() as direct:
        assert until(lambda: b"blocked_clients:1" in bytes(str(direct.call("INFO", "clients")), "utf8"))
        direct.call("SET", "k", "new")
        assert not waiting.done()
        direct.call("RPUSH", "q", "v")
    assert waiting.result(5) == [b"q", b"v"]
    (popped,) = (exchange for exchange in proxy.since() if exchange.name == "BLPOP")
    assert popped.reply_size == 2


def test_monitor_through_the_proxy_streams(proxy: Proxy, server: PrivateServer, through: Client) -> None:
    through.call("MONITOR")
    with server.client() as direct:
        direct.call("SET", "k", "v")
    assert b'"SET"' in bytes(str(through.receive(5)), "utf8")


def test_a_large_pipeline_and_a_large_value_arrive_whole_and_in_order(proxy: Proxy) -> None:
    big = b"x" * 3_000_000
    with Client(proxy.address, timeout=60) as patient:  # much work for a busy machine, all in one call
        replies = patient.call_many(
            [["SET", "big", big], ["GET", "big"], *(["INCR", "n"] for _ in range(2000))]
        )
    assert replies[1] == big
    assert replies[2:] == list(range(1, 2001))


def test_down_refuses_resets_and_comes_back_on_the_same_port(proxy: Proxy, through: Client) -> None:
    through.call("SET", "k", "v")
    address = proxy.address
    proxy.refuse()
    with pytest.raises(ConnectionError):
        through.call("GET", "k")
    for _ in range(2):
        proxy.refuse()
        with pytest.raises(ConnectionRefusedError):
            Client(address)
        proxy.restore()
        with Client(address) as again:
            assert again.call("GET", "k") == b"v"


def test_a_socket_that_listens_already_is_taken_over(server: PrivateServer) -> None:
    listening = listen_by_number()
    port = listening.getsockname()[1]
    with Proxy(server.address, listening) as proxy:
        assert proxy.address.port == port
        proxy.refuse()
        with pytest.raises(ConnectionRefusedError):
            Client(proxy.address)
        proxy.restore()
        with Client(proxy.address) as client:
            assert client.call("PING") == b"PONG"


def test_hung_means_silence_and_nothing_executed(
    proxy: Proxy, server: PrivateServer, through: Client
) -> None:
    proxy.hang()
    with Client(proxy.address, timeout=0.1) as client, pytest.raises(TimeoutError):
        client.call("SET", "k", "v")
    through_mark = [exchange for exchange in proxy.since() if exchange.reply_kind is ReplyKind.NONE]
    assert [describe(exchange) for exchange in through_mark] == ["SET k 1 B no answer"]
    proxy.restore()
    with server.client() as direct, Client(proxy.address) as again:
        assert direct.call("EXISTS", "k") == 0
        assert again.call("PING") == b"PONG"
    assert through.call("PING") == b"PONG"  # it had sent nothing meanwhile


def test_a_connection_that_hung_is_reset_when_all_is_up_again(
    proxy: Proxy, through: Client, until: Callable[[Callable[[], bool]], bool]
) -> None:
    proxy.hang()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(through.call, "GET", "k")
        assert until(lambda: proxy.mark() > 0)
        proxy.restore()
        with pytest.raises(ConnectionError):
            waiting.result(5)


def test_a_reply_on_its_way_is_stopped_by_a_hang_and_comes_afterwards(
    proxy: Proxy, through: Client, pool: ThreadPoolExecutor, until: Callable[[Callable[[], bool]], bool]
) -> None:
    proxy.slow(0.1)
    waiting = pool.submit(through.call, "INCR", "n")
    assert until(lambda: proxy.mark() > 0)
    proxy.hang()
    with pytest.raises(TimeoutError):
        waiting.result(0.2)
    proxy.restore()
    assert waiting.result(5) == 1


def test_slow_delays_every_reply(proxy: Proxy, through: Client) -> None:
    proxy.slow(0.1)
    began = time.monotonic()
    through.call("PING")
    assert 0.1 <= time.monotonic() - began < 1.5
    proxy.restore()
    began = time.monotonic()
    through.call("PING")
    assert time.monotonic() - began < 0.1


def test_a_reply_is_withheld_while_others_go_on(
    proxy: Proxy, through: Client, server: PrivateServer, pool: ThreadPoolExecutor
) -> None:
    through.call("SET", "k", "v")
    with proxy.hold(lambda command: command[0] == b"DEL") as hold:
        assert not hold.wait(0)
        writer = pool.submit(through.call, "DEL", "k")
        assert hold.wait(5)
        with Client(proxy.address) as reader:
            assert reader.call("GET", "k") is None  # executed, though the writer does not know
            assert reader.call("DEL", "k") == 0  # only the first one is caught
        assert not writer.done()
    assert writer.result(5) == 1


def test_a_command_can_be_held_before_it_is_executed(
    proxy: Proxy, through: Client, server: PrivateServer, pool: ThreadPoolExecutor
) -> None:
    hold = proxy.hold(lambda command: command[:2] == (b"SET", b"k"), Stage.BEFORE)
    writer = pool.submit(through.call_many, [["SET", "other", "1"], ["SET", "k", "v"], ["GET", "k"]])
    assert hold.wait(5)
    with server.client() as direct:
        assert direct.call("MGET", "other", "k") == [b"1", None]
        hold.release()
        assert writer.result(5) == [b"OK", b"OK", b"v"]


def test_within_a_transaction_the_reply_to_exec_is_withheld(
    proxy: Proxy, through: Client, server: PrivateServer, pool: ThreadPoolExecutor
) -> None:
    with proxy.hold(lambda command: command[0] == b"INCR") as hold:
        writer = pool.submit(through.call_many, [["MULTI"], ["INCR", "n"], ["EXEC"]])
        assert hold.wait(5)
        with server.client() as direct:
            assert direct.call("GET", "n") == b"1"
        assert not writer.done()
    assert writer.result(5)[2] == [1]


def test_a_released_hold_catches_nothing(proxy: Proxy, through: Client) -> None:
    hold = proxy.hold(lambda command: True)
    hold.release()
    assert through.call("PING") == b"PONG"
    assert not hold.wait(0)


def test_a_client_that_leaves_harms_nobody(proxy: Proxy, through: Client) -> None:
    with Client(proxy.address) as leaving, proxy.hold(lambda command: command[0] == b"GET") as hold:
        leaving._socket.sendall(encode(["GET", "k"]))
        assert hold.wait(5)
        leaving.close()
        assert through.call("PING") == b"PONG"
    with socket.create_connection((proxy.address.host, proxy.address.port)) as stranger:
        stranger.sendall(b"*1\r\n:1\r\n")
        stranger.settimeout(5)
        assert stranger.recv(100) == b""
    assert through.call("PING") == b"PONG"


def test_a_server_that_is_gone_closes_the_connection() -> None:
    with Proxy(Unix("/nowhere/at/all")) as proxy, pytest.raises(OSError), Client(proxy.address) as client:  # noqa: PT011
        client.call("PING")


def test_a_broken_proxy_says_so_instead_of_hanging(proxy: Proxy, through: Client) -> None:
    proxy.hold(lambda command: 1 / 0 > 0)
    with pytest.raises(ConnectionError):
        through.call("PING")
    with pytest.raises(GraderError, match="ZeroDivisionError"):
        proxy.restore()


def test_stopping_leaves_no_thread_behind(server: PrivateServer) -> None:
    with Proxy(server.address) as proxy, Client(proxy.address) as client:
        client.call("PING")
    assert "redis-proxy" not in {t.name for t in threading.enumerate() if t is proxy._thread}


@pytest.mark.skipif(sys.platform != "linux", reason="what a full line means is up to the system")
def test_deaf_it_takes_nobody_and_goes_on_with_those_it_has(server: PrivateServer) -> None:
    with Proxy(server.address) as proxy, Client(proxy.address) as before:
        proxy.blackhole()
        assert before.call("SET", "k", "v") == b"OK"
        callers = [socket.socket() for _ in range(8)]
        for caller in callers:
            caller.settimeout(0.1)
        answers = [caller.connect_ex((proxy.address.host, proxy.address.port)) for caller in callers]
        assert answers[0] == 0
        assert answers[-1] == errno.EAGAIN  # it is still waiting
        proxy.restore()
        with Client(proxy.address) as after:
            assert after.call("GET", "k") == b"v"
        for caller in callers:
            caller.close()


def kinds(proxy: Proxy) -> list[tuple[str, ReplyKind]]:
    return [(each.name, each.reply_kind) for each in proxy.since() if each.name in ("GET", "SUBSCRIBE")]


SUBSCRIBED, HIT, MISS, UNKNOWN = ReplyKind.OK, ReplyKind.HIT, ReplyKind.MISS, ReplyKind.UNKNOWN


def test_by_resp3_a_subscription_moves_no_reply(proxy: Proxy, server: PrivateServer, through: Client) -> None:
    through.call("HELLO", 3)
    with server.client() as direct:
        direct.call("SET", "k", "v")
        words: list[list[str]] = [["SUBSCRIBE", "a", "b"], ["GET", "k"], ["GET", "none"]]
        assert through.call_many(words[1:2]) == [b"v"]
        through.call_many([["GET", "none"]])
        send(through, *words, ["SUBSCRIBE"], ["GET", "none"], ["ECHO", "end"])
        read_until(through, b"end")
        direct.call("PUBLISH", "a", "a message")
        assert through.call("GET", "k") == b"v"
    assert kinds(proxy)[2:] == [
        ("SUBSCRIBE", SUBSCRIBED),
        ("GET", HIT),
        ("GET", MISS),
        ("SUBSCRIBE", ReplyKind.ERROR),
        ("GET", MISS),
        ("GET", HIT),
    ]


@pytest.mark.parametrize(
    "before",
    [
        [["SUBSCRIBE", "a"]],
        [["MONITOR"]],
        [["CLIENT", "REPLY", "SKIP"], ["ECHO", "skipped"]],
        [["CLIENT", "REPLY", "OFF"], ["ECHO", "nothing"], ["CLIENT", "REPLY", "ON"]],
        [["MULTI"], ["client", "reply", "skip"], ["EXEC"]],
        [["HELLO", "3"], ["SUBSCRIBE", "a", "b"], ["UNSUBSCRIBE"]],
        [["HELLO", "3"], ["MULTI"], ["SUBSCRIBE", "a"], ["EXEC"]],
    ],
    ids=str,
)
def test_where_the_reply_is_not_known_it_is_no_hit(
    proxy: Proxy, server: PrivateServer, through: Client, before: list[list[str]]
) -> None:
    with server.client() as direct:
        direct.call("SET", "k", "v")
    assert through.call("GET", "k") == b"v"
    send(through, *before, ["GET", "none"], ["GET", "k"], ["GET", "none"], ["PING"], ["PING"])
    read_until(through, b"PONG", b"context", b"pong")
    found = [kind for name, kind in kinds(proxy) if name == "GET"]
    assert found[0] is HIT
    assert set(found[1:]) == {UNKNOWN}
    assert len(found) == 4


def test_commands_before_a_silence_keep_their_replies(proxy: Proxy, through: Client) -> None:
    send(through, ["SET", "k", "v"], ["GET", "k"], ["GET", "none"], ["CLIENT", "REPLY", "SKIP"], ["GET", "k"])
    send(through, ["ECHO", "end"])
    read_until(through, b"end")
    assert [kind for _, kind in kinds(proxy)] == [HIT, MISS, UNKNOWN]


def send(client: Client, *commands: list[str]) -> None:
    client._socket.sendall(b"".join(map(encode, commands)))


def read_until(client: Client, *ends: bytes) -> None:
    """Read what comes until one of `ends` is in it."""
    client._socket.settimeout(5)
    data = b""
    while not any(end in data for end in ends):
        data += client._socket.recv(65536)
