"""The project as a web server on a TCP port, for a script of the learner, by way of the judge."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from grader.sandbox.observing.http import MAX_BODY, Response

Handle = Callable[[str, str, bytes | None, Mapping[str, str]], Response]
"""Takes method, path, body and headers of a request, and returns the response."""

POLL_SECONDS = 0.02
IDLE_SECONDS = 30.0
_OURS = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"})


class HttpFront:
    """A context manager that serves HTTP on `listening`, a listening TCP socket that it owns from then on."""

    def __init__(self, listening: socket.socket, handle: Handle) -> None:
        self._server = _Server(listening, handle)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": POLL_SECONDS}, daemon=True
        )

    def __enter__(self) -> HttpFront:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, listening: socket.socket, handle: Handle) -> None:
        super().__init__(listening.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.handle = handle

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore errors of a connection: a client may end it at any time."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    wbufsize = -1  # head and body in one packet: a second packet would wait 40 ms for the delayed ACK
    server: _Server

    def _pass(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > MAX_BODY or self.headers.get("Transfer-Encoding"):
            self.close_connection = True
            self.send_error(413)
            return
        body = self.rfile.read(int(length)) if int(length) else None
        response = self.server.handle(self.command, self.path, body, dict(self.headers.items()))
        self.send_response(response.status)
        for name, value in response.headers.items():
            if name not in _OURS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _pass

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: the timeline has the request."""
