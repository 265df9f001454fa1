"""`workshop redis cli` and `workshop redis monitor`: for a machine that has no redis-cli."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from grader.errors import UsageError
from grader.servers.address import Tcp
from grader.servers.connect import client_errors_explained, open_client
from grader.servers.exchange_text import printable
from grader.servers.local import LocalServer
from grader.servers.reply_text import answer_lines
from grader.servers.url import parse

_ENDLESS = frozenset({"MONITOR", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "SYNC", "PSYNC"})
_DANGERS = {
    "FLUSHALL": "It deletes every key of every database of this server.",
    "FLUSHDB": "It deletes every key of this database.",
    "SHUTDOWN": "It ends the server, for everybody who uses it.",
    "CONFIG": "It changes how the server works, for everybody who uses it.",
    "SWAPDB": "It exchanges two databases under everybody who uses them.",
    "DEBUG": "It can stop or crash the server.",
    "REPLICAOF": "It replaces all data of this server by that of another one.",
    "SLAVEOF": "It replaces all data of this server by that of another one.",
    "ACL": "It changes who may use the server.",
}
_HARMLESS = frozenset({"GET", "HELP", "WHOAMI", "LIST", "CAT", "USERS", "GETUSER"})
"""Second words that make CONFIG and ACL only look."""


def danger(words: Sequence[str]) -> str:
    """What this command would do to others, as a sentence; empty if nothing bad."""
    name = words[0].upper() if words else ""
    looks = name in ("CONFIG", "ACL") and len(words) > 1 and words[1].upper() in _HARMLESS
    return "" if looks else _DANGERS.get(name, "")


def monitor(url: str) -> Iterator[str]:
    """Every command the server gets, as it comes, without end. Raises MachineError when the server goes."""
    with client_errors_explained(), open_client(url) as client:
        client.call("MONITOR")
        while True:
            line = client.receive(timeout=None)
            if isinstance(line, bytes):
                yield printable(line, 500)


class Console:
    """`redis cli`: one connection, a command at a time. A context manager.

    `ours` says whether the workshop started this server: elsewhere, ask before sending what `dangerous`
    names. Raises MachineError.
    """

    def __init__(self, url: str, ours: LocalServer | None = None) -> None:
        self.target = parse(url)
        address = self.target.address
        self.ours = (
            ours is not None
            and isinstance(address, Tcp)
            and address.host in ("127.0.0.1", "localhost")
            and address.port == ours.port
        )
        self._url = url
        self._client = open_client(url, timeout=10.0)

    def dangerous(self, words: Sequence[str]) -> str:
        """What this command would do to a server that is not ours, as a sentence; empty if nothing bad."""
        return "" if self.ours else danger(words)

    def send(self, words: Sequence[str]) -> list[str]:
        """Send one command; its reply as lines. An error of the server is a reply too."""
        if not words:
            return []
        name = words[0].upper()
        if name in _ENDLESS:
            raise UsageError(
                f"{name} has no end, so it cannot be one command here.",
                "To watch the server: workshop redis monitor.",
            )
        if self._client.fileno() < 0:  # a command before this one took too long
            self._client = open_client(self._url, timeout=10.0)
        with client_errors_explained():
            return answer_lines(self._client.call_many([words])[0])

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def split(line: str) -> list[str]:
    """A typed line as the words of a command; quotes keep words together. Raises UsageError."""
    try:
        return shlex.split(line)
    except ValueError as error:
        raise UsageError(f"This line cannot be read: {error}.", "Close every quote that you open.") from error
