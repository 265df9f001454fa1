"""Entering a server, and saying what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from grader.errors import MachineError
from grader.servers.address import Tcp
from grader.servers.client import Client
from grader.servers.exchange_text import printable
from grader.servers.findings import ConnectionFinding, FindingKind, no_db, not_reached, refusal
from grader.servers.reach import Unreachable, reach
from grader.servers.resp import ProtocolError, ReplyError, Word
from grader.servers.url import RedisUrl, parse


def open_client(url: str, timeout: float = 5.0) -> Client:
    """A connection to the server of `url`, in its database, with `timeout` seconds for each call.

    Raises UsageError for a bad URL, and MachineError with the verdict's sentence if there is none to be had.
    """
    target = parse(url)
    try:
        with explained(target, ()):
            client = reach(target, timeout, timeout)
            try:
                enter(client, target)
                client.call("SELECT", target.db)
            except ReplyError as error:
                client.close()
                raise no_db(target, error) from error
            except BaseException:
                client.close()
                raise
            return client
    except ConnectionFinding as found:
        raise MachineError(found.sentence, found.remedy) from found


@contextmanager
def client_errors_explained() -> Iterator[None]:
    """Turns what a client raises into MachineError, for commands that a person typed."""
    try:
        yield
    except TimeoutError as error:
        raise MachineError(
            "The server did not answer in time.", "Look at `workshop redis status`."
        ) from error
    except OSError as error:
        raise MachineError(
            f"The connection to the server was lost: {error}.", "Look at `workshop redis status`."
        ) from error
    except ReplyError as error:
        raise MachineError(
            f"The server refused: {printable(error.text, 200)}.", "Ask for another user, or a right."
        ) from error


@contextmanager
def explained(target: RedisUrl, elsewhere: Sequence[int]) -> Iterator[None]:
    """Turns what goes wrong inside into ConnectionFinding. `elsewhere` are ports to try if this one refuses."""
    try:
        yield
    except Unreachable as error:
        raise not_reached(target, error, _elsewhere(target, error, elsewhere)) from error
    except TimeoutError:
        raise ConnectionFinding(
            FindingKind.HUNG,
            f"Something accepts connections at {target} but does not answer.",
            "It may be stopped, very busy, or no Redis. Restart it, or look which program has the port.",
        ) from None
    except ProtocolError:
        raise ConnectionFinding(
            FindingKind.NOT_REDIS,
            f"What answers at {target} is not a Redis server.",
            "Another program has this port, perhaps a web server. Put Redis's own port into the URL.",
        ) from None
    except OSError:
        raise ConnectionFinding(
            FindingKind.NOT_REDIS,
            f"Something at {target} closed the connection without a word.",
            "It may be no Redis, or one that wants TLS; then the URL begins with rediss://.",
        ) from None


def enter(client: Client, target: RedisUrl) -> None:
    """The first command alone: a server in protected mode answers it and hangs up."""
    first: list[Word] = ["PING"]
    if target.password:
        first = ["AUTH", *([target.username] if target.username else []), target.password]
    try:
        answer = client.call(*first)
    except ReplyError as error:
        raise refusal(target, error) from error
    if answer not in (b"PONG", b"OK"):
        raise ProtocolError(f"it answers {answer!r}")


def _elsewhere(target: RedisUrl, error: Unreachable, ports: Sequence[int]) -> int | None:
    address = target.address
    if not (error.near and isinstance(address, Tcp) and isinstance(error.cause, ConnectionRefusedError)):
        return None
    for port in ports:
        if port == address.port:
            continue
        try:
            with Client(Tcp(address.host, port), timeout=0.05) as client:
                client.call("PING")
            return port
        except ReplyError as reply:
            if reply.code == "NOAUTH":
                return port
        except OSError:
            pass
    return None
