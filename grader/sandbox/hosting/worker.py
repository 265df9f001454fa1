"""A worker: one process of the learner's project, which answers HTTP and control messages."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.probe.wire import Channel
from grader.sandbox import errors
from grader.sandbox.hosting.control_channel import ask
from grader.sandbox.hosting.launch import Limits
from grader.sandbox.observing.http import Response, request
from grader.sandbox.observing.process_log import FLOOD, ProcessLog

if TYPE_CHECKING:
    from grader.sandbox.hosting.app_server import AppServer


class Worker:
    """One process of the project, which answers HTTP and control messages after `start`."""

    def __init__(
        self, channel: Channel, path: Path, log: ProcessLog, app_server: AppServer, limits: Limits
    ) -> None:
        self._channel = channel
        self._path = path
        self._log = log
        self._app_server = app_server
        self._limits = limits

    def start(self, database: str) -> None:
        """Give the worker the path of its `database`, and let it serve requests. Raises NoResponse."""
        message = {"database": database}
        ask(self._channel, message, "it was starting", self._limits.response, self._log)

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Response:
        """Send one request and return the response.

        `timeout` in seconds: at most the limit of the run, which is also the default. Raises NoResponse if
        the process ends, hangs or prints too much.
        """
        limit = self._limits.response
        timeout = limit if timeout is None else min(timeout, limit)
        doing = f"answering {method} {url}"
        started = time.monotonic()
        try:
            return request(self._path, method, url, body, headers or {}, timeout)
        except TimeoutError as error:
            raise errors.hung(doing, timeout) from error
        except (OSError, http.client.HTTPException) as error:
            if self._log.flooded:
                raise errors.flooded(doing, FLOOD) from error
            if time.monotonic() - started >= timeout:
                raise errors.hung(doing, timeout) from error
            raise errors.ended(doing, self._log.text()) from error

    def ask(self, do: str, doing: str, timeout: float | None = None, **more: Any) -> dict[str, Any]:
        """Send a control message and return the reply. Feedback only: the project can forge the reply.

        `doing` describes the action for an error. `timeout` in seconds. Raises NoResponse.
        """
        seconds = self._limits.response if timeout is None else timeout
        return ask(self._channel, {"do": do, **more}, doing, seconds, self._log)

    def hang_up(self) -> None:
        """Tell the worker to end, without waiting. Any thread may call this."""
        with contextlib.suppress(OSError):
            self._channel.sock.shutdown(socket.SHUT_WR)

    def _gone(self) -> bool:
        self.hang_up()
        for seconds in (0.2, 0.8):
            self._channel.sock.settimeout(seconds)
            try:
                return self._channel.sock.recv(1) == b""
            except TimeoutError:  # processes that the worker started may hold the channel open
                self._app_server.sweep()
            except OSError:
                break
        return not self._app_server.alive

    def log(self) -> str:
        """Return the output of this worker so far."""
        return self._log.text()

    def close(self) -> None:
        """End the worker; kill the whole app server if the worker does not end."""
        if not self._gone():
            self._app_server.kill()
        self._app_server.sweep()
        self._channel.sock.close()
        self._path.unlink(missing_ok=True)
        self._app_server.forget(self)
