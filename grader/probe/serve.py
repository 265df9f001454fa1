"""Serves the project by WSGI on a socket of the judge, with one thread per request."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import re
import socket
import threading
import time
from collections.abc import Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from . import errors

TRACE_HEADER = "X-Workshop-Trace"
MAX_STATEMENTS = 40
MAX_STATEMENT = 80
REPEATED = 3
"""Equal statements in a row that are merged into one, with a count."""
_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?(\w+)', re.IGNORECASE)


class _Handler(WSGIRequestHandler):
    def setup(self) -> None:
        self.client_address = ("127.0.0.1", 0)
        super().setup()

    def log_message(self, format: str, *args: Any) -> None:
        pass  # the log holds the output of the project only


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    address_family = socket.AF_UNIX

    def __init__(self, sock: socket.socket) -> None:
        super().__init__("", _Handler, bind_and_activate=False)  # type: ignore[arg-type]
        self.socket.close()
        self.socket = sock
        self.server_name, self.server_port = "testserver", 80
        self.setup_environ()

    def get_request(self) -> tuple[Any, Any]:
        connection, _ = self.socket.accept()
        return connection, ("127.0.0.1", 0)


@functools.cache
def application() -> Any:
    """Return the project as a WSGI application with its middleware. Made before the forks."""
    from django.core.handlers.wsgi import WSGIHandler

    return WSGIHandler()


def serve(sock: socket.socket, root: str) -> None:
    """Start a thread that answers requests on the listening `sock` until the process ends."""
    server = _Server(sock)
    server.set_app(_with_trace(application(), root))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 3600}, daemon=True).start()


def _short(sql: str) -> str:
    """The text of a statement in a timeline, such as `SELECT users_user`."""
    table = _TABLE.search(sql)
    return f"{sql.split(None, 1)[0]} {table[1] if table else ''}".strip()[:MAX_STATEMENT]


def _merge_repeats(statements: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """`statements`, with repeated ones in a row merged into one, with the time of the first."""
    merged: list[tuple[float, str]] = []
    for text, group in itertools.groupby(statements, key=lambda statement: statement[1]):
        same = list(group)
        merged += same if len(same) < REPEATED else [(same[0][0], f"{text} ({len(same)} times)")]
    return merged


def _with_trace(application: Any, root: str) -> Any:
    """`application`, with a header that holds the SQL of each request and its unhandled exception."""
    from django.core.signals import got_request_exception
    from django.db import connections

    local = threading.local()

    def remember(sender: Any, **kwargs: Any) -> None:
        import sys

        error = sys.exc_info()[1]
        if error is not None:
            local.error = errors.facts(error, root)

    got_request_exception.connect(remember, weak=False)

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        statements: list[tuple[float, str]] = []
        local.error = None
        started: list[Any] = []

        def observe(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            statements.append((time.monotonic(), _short(sql)))
            return execute(sql, params, many, context)

        with contextlib.ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(observe))
            response = application(environ, lambda status, headers, *rest: started.append((status, headers)))
            body = b"".join(response)
            response.close()
        trace = {
            "count": len(statements),
            "sql": _merge_repeats(statements)[:MAX_STATEMENTS],
            "error": local.error,
        }
        status, headers = started[-1]
        start_response(status, [*headers, (TRACE_HEADER, json.dumps(trace))])
        return [body]

    return answer
