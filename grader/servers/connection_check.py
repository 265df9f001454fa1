"""Checks what answers at a Redis URL, and advises what to do. The check changes no data of the server."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

from grader.errors import UsageError
from grader.servers.client import Client
from grader.servers.connect import as_findings, authenticate
from grader.servers.exchange_text import printable
from grader.servers.findings import ConnectionFinding, FindingKind, no_db, refusal, unhealthy
from grader.servers.reach import reach
from grader.servers.resp import Reply, ReplyError, Word
from grader.servers.url import RedisUrl, parse

NEAR = 0.25
"""Time-out in seconds for the check of a server on this machine; a busy server may need all of it."""
FAR = 2.0
"""Time-out in seconds for a server on another machine."""
COMMON_PORTS = (6379, 6380, 6381, 7000, 16379)
"""Ports to try if the port of the URL refuses connections."""


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """One sentence on the server, and one on what to do. `ms` is how long the check took.

    `version` is a name and version such as `Valkey 9.1.2`, or empty if the server did not report it.
    """

    kind: FindingKind
    sentence: str
    remedy: str = ""
    version: str = ""
    db: int = 0
    ms: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether a project can use the server."""
        return self.kind is FindingKind.OK


def check_connection(
    url: str,
    *,
    round_trip: bool = False,
    other_ports: Sequence[int] = COMMON_PORTS,
    timeout: float | None = None,
) -> ConnectionReport:
    """Connect to `url` and report what answers there. Raises nothing.

    With `round_trip`, the check also writes, reads and removes one key `workshop:check:...`, which expires
    after 5 s in any case. If a port of this machine refuses, the check tries `other_ports`. `timeout` is in
    seconds for the whole check; the default is NEAR on this machine and FAR on another.
    """
    began = time.perf_counter()

    def verdict(kind: FindingKind, sentence: str, remedy: str = "", version: str = "") -> ConnectionReport:
        ms = (time.perf_counter() - began) * 1000
        return ConnectionReport(kind, sentence, remedy, version, target.db if target else 0, ms)

    target: RedisUrl | None = None
    try:
        target = parse(url)
        version = _visit(target, round_trip, other_ports, timeout)
    except UsageError as error:
        return verdict(FindingKind.BAD_URL, error.sentence, error.remedy)
    except ConnectionFinding as found:
        return verdict(found.kind, found.sentence, found.remedy)
    return verdict(FindingKind.OK, f"{version or 'A Redis server'} answers at {target}.", version=version)


def _visit(target: RedisUrl, round_trip: bool, other_ports: Sequence[int], timeout: float | None) -> str:
    near, far = (NEAR, FAR) if timeout is None else (timeout, timeout)
    with as_findings(target, other_ports), reach(target, near, far) as client:
        authenticate(client, target)
        return _inside(client, target, round_trip)


def _inside(client: Client, target: RedisUrl, round_trip: bool) -> str:
    key, nonce = f"workshop:check:{os.urandom(8).hex()}", os.urandom(8).hex()
    commands: list[list[Word]] = [["SELECT", target.db], ["PING"], ["INFO", "server"]]
    select, ping, info = client.call_many(commands)
    if isinstance(select, ReplyError) and not (target.db == 0 and select.code == "NOPERM"):
        raise no_db(target, select)
    if isinstance(ping, ReplyError) and ping.code != "NOPERM":
        raise refusal(target, ping)
    if round_trip:
        replies = client.call_many([["SET", key, nonce, "PX", 5000], ["GET", key], ["DEL", key]])
        for reply in replies:
            if isinstance(reply, ReplyError):
                raise refusal(target, reply)
        if replies[1] != nonce.encode():
            raise unhealthy(target, "what was written did not come back")
    return version_in(info)


def version_in(info: Reply) -> str:
    """Return name and version from the reply to INFO; empty if the reply has none.

    Valkey reports its own version, and a Redis version for compatibility; its own version comes first.
    """
    if not isinstance(info, bytes):
        return ""
    fields = dict(line.partition(":")[::2] for line in info.decode(errors="replace").splitlines())
    for name in ("valkey", "redis"):
        if number := fields.get(f"{name}_version"):
            return f"{name.capitalize()} {printable(number)}"
    return ""
