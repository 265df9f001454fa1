"""A small Redis client: one connection, a time-out for every call, no retries."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from grader.servers.address import Address, connect
from grader.servers.resp import Message, Parser, Push, Reply, ReplyError, Word, encode


class Client:
    """A connection to the server at `address`; the constructor connects.

    `timeout` in seconds limits the connecting and every whole call. Raises OSError if the server cannot be
    reached, closes the connection or does not reply in time (TimeoutError), and ProtocolError, which is an
    OSError too, if the server is no Redis. An OSError closes the connection. The client owns the socket
    `connection` if the caller passes one.
    """

    def __init__(
        self, address: Address, timeout: float = 2.0, connection: socket.socket | None = None
    ) -> None:
        self.address = address
        self._timeout = timeout
        self._socket = connection or connect(address, timeout)
        self._parser = Parser()

    def call(self, *words: Word) -> Reply:
        """Send one command and return its reply. Raises ReplyError if the reply is an error."""
        (reply,) = self.call_many([words])
        if isinstance(reply, ReplyError):
            raise reply
        return reply

    def call_many(self, commands: Sequence[Sequence[Word]]) -> list[Reply]:
        """Send the commands in one pipeline; return their replies in order, ReplyError among them."""
        deadline = time.monotonic() + self._timeout
        try:
            self._socket.settimeout(self._timeout)
            self._socket.sendall(b"".join(map(encode, commands)))
            return [self._reply(deadline) for _ in commands]
        except OSError:
            self.close()
            raise

    def receive(self, timeout: float | None) -> Reply:
        """Return the next message of a stream such as MONITOR; a `timeout` of None waits for ever.

        Raises TimeoutError after `timeout` seconds without a message; the connection then stays open.
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
        """Return the descriptor of the socket, for select."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the connection. A second call does nothing."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
