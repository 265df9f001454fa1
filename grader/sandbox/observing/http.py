"""HTTP to a project over a Unix socket, and its answers."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.probe.decoding import Malformed, decode
from grader.probe.serve import TRACE_HEADER
from grader.result import SourceLocation
from grader.sandbox import errors

MAX_BODY = 16_000_000
MAX_HEAD = 1_000_000


@dataclass(frozen=True)
class Response:
    """An answer of the project.

    `sql` is what the observer in the project saw, as (monotonic seconds, statement); `error` the
    exception behind a 500. Both are feedback, not evidence.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    sql: tuple[tuple[float, str], ...] = ()
    sql_count: int = 0
    error: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def json(self) -> Any:
        """The body as JSON, or None if it is none."""
        try:
            return decode(self.body)
        except Malformed:
            return None

    @cached_property
    def rows(self) -> list[Any] | None:
        """The rows of a list answer: the list itself, or the one in a page ("results")."""
        value = self.json
        if isinstance(value, dict):
            lists = [part for part in value.values() if isinstance(part, list)]
            value = (
                value["results"] if isinstance(value.get("results"), list) else (lists[0] if lists else None)
            )
        return value if isinstance(value, list) else None

    @property
    def where(self) -> SourceLocation | None:
        """The line of the project's from which the error behind a 500 came."""
        return errors.source_location(self.error)

    def shows(self, text: str) -> bool:
        """Whether `text` stands in the body."""
        return text.encode() in self.body


class _Timed(socket.socket):
    """A socket with a time for all that it does: its own time-out begins anew with each byte."""

    def limit(self, moment: float, most: int) -> None:
        """Let it wait until then, in monotonic seconds, and receive at most so many bytes."""
        self._end, self._left = moment, most

    def _allow(self) -> None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        self.settimeout(left)

    def recv_into(self, *given: Any, **named: Any) -> int:
        self._allow()
        if self._left <= 0:  # a length that the project names is not believed
            raise ConnectionError("the response is longer than it may be")
        received = super().recv_into(*given, **named)
        self._left -= received
        return received

    def sendall(self, *given: Any, **named: Any) -> None:
        self._allow()
        super().sendall(*given, **named)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("testserver", timeout=timeout)
        self._path = path
        self._end = time.monotonic() + timeout

    def connect(self) -> None:
        sock = _Timed(socket.AF_UNIX)
        sock.limit(self._end, MAX_BODY + MAX_HEAD)
        sock.settimeout(self.timeout)
        sock.connect(str(self._path))
        self.sock = sock


def request(
    path: Path, method: str, url: str, body: Any, headers: Mapping[str, str], timeout: float
) -> Response:
    """One request to the socket `path`; `body` goes as it is if text or bytes, else as JSON.

    `timeout` is the seconds for the whole answer. Raises OSError or HTTPException if there is none.
    """
    connection = _UnixConnection(path, timeout)
    try:
        data = _data(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, url, body=data, headers={"Accept": "application/json", **kind, **headers})
        response = connection.getresponse()
        content = response.read(MAX_BODY)
        found = {name.lower(): value for name, value in response.getheaders()}
    finally:
        connection.close()
    sql, count, error = _trace(found.pop(TRACE_HEADER.lower(), ""))
    return Response(response.status, found, content, sql, count, error)


def _data(body: Any) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def _trace(text: str) -> tuple[tuple[tuple[float, str], ...], int, Mapping[str, Any]]:
    """The observer's header, as far as it makes sense: the project may have written anything there."""
    try:
        value = decode(text)
        sql = tuple((float(at), str(statement)) for at, statement in value["sql"])
        return sql, int(value["count"]), dict(value["error"] or {})
    except (ValueError, TypeError, KeyError, OverflowError):
        return (), 0, {}
