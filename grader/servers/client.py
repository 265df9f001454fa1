"""A small Redis client: one connection, a time-out on everything, no retries."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from grader.servers.address import Address, connect
from grader.servers.resp import Message, Parser, Push, Reply, ReplyError, Word, encode


class Client:
    """A connection to the server at `address`, made at once.

    `timeout` in seconds holds for connecting and for every call as a whole. Raises OSError when the
    server cannot be reached, goes away or is silent (TimeoutError), and ProtocolError, an OSError too,
    when it is no Redis. After an OSError the connection is closed. A `connection` made already is taken
    over.
    """

    def __init__(
        self, address: Address, timeout: float = 2.0, connection: socket.socket | None = None
    ) -> None:
        self.address = address
        self._timeout = timeout
        self._socket = connection or connect(address, timeout)
        self._parser = Parser()

    def call(self, *words: Word) -> Reply:
        """Send one command and return its reply. Raises ReplyError if that is an error."""
        (reply,) = self.call_many([words])
        if isinstance(reply, ReplyError):
            raise reply
        return reply

    def call_many(self, commands: Sequence[Sequence[Word]]) -> list[Reply]:
        """Send the commands in one go; their replies in order, errors among them as values."""
        deadline = time.monotonic() + self._timeout
        try:
            self._socket.settimeout(self._timeout)
            self._socket.sendall(b"".join(map(encode, commands)))
            return [self._reply(deadline) for _ in commands]
        except OSError:
            self.close()
            raise

    def receive(self, timeout: float | None) -> Reply:
        """The next thing the server says by itself (MONITOR); `timeout` None waits for ever.

        Raises TimeoutError after `timeout` seconds of silence; the connection stays open then.
        """
        return self._message(None if timeout is None else time.monotonic() + timeout).value

    def _reply(self, deadline: float) -> Reply:
        while isinstance(value := self._message(deadline).value, Push):
            pass
        return value

    def _message(self, deadline: float | None) -> Message:
        while (message := next(iter(self._parser), None)) is None:
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"{self.address} did not answer in time")
                self._socket.settimeout(left)
            else:
                self._socket.settimeout(None)
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionResetError(f"{self.address} closed the connection")
            self._parser.feed(data)
        return message

    def fileno(self) -> int:
        """The descriptor of the socket, for select."""
        return self._socket.fileno()

    def close(self) -> None:
        """Hang up. A second time does nothing."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
