"""HTTP requests to a project over a Unix socket, and its responses."""

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
    """An HTTP response of the project.

    The probe reports `sql`, as (monotonic seconds, statement), its count, and `error`, the exception behind a
    500. All of these are feedback, never evidence.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    sql: tuple[tuple[float, str], ...] = ()
    sql_count: int = 0
    error: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def json(self) -> Any:
        """The body parsed as JSON, or None if it is no JSON."""
        try:
            return decode(self.body)
        except Malformed:
            return None

    @cached_property
    def rows(self) -> list[Any] | None:
        """The rows of a list response: the JSON list, or the list in a page ("results"), or None."""
        value = self.json
        if isinstance(value, dict):
            lists = [part for part in value.values() if isinstance(part, list)]
            value = (
                value["results"] if isinstance(value.get("results"), list) else (lists[0] if lists else None)
            )
        return value if isinstance(value, list) else None

    @property
    def where(self) -> SourceLocation | None:
        """The learner's line that raised the exception behind a 500, or None."""
        return errors.source_location(self.error)

    def shows(self, text: str) -> bool:
        """Whether the body contains `text`."""
        return text.encode() in self.body


class _Timed(socket.socket):
    """A socket with one deadline for all calls: its own time-out starts again with each call."""

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
    """Send one request to the socket `path`; `body` goes unchanged if text or bytes, else as JSON.

    `timeout` in seconds for the whole response. Raises OSError or HTTPException if there is none.
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
    """SQL, its count and the error in the probe's header; empty if the project forged a malformed header."""
    try:
        value = decode(text)
        sql = tuple((float(at), str(statement)) for at, statement in value["sql"])
        return sql, int(value["count"]), dict(value["error"] or {})
    except (ValueError, TypeError, KeyError, OverflowError):
        return (), 0, {}
