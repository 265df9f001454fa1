"""The control channel: one JSON object per line over a Unix socket, with file descriptors."""

from __future__ import annotations

import json
import os
import socket
from typing import Any

from .decoding import decode

MAX_MESSAGE = 4 * 1024 * 1024
MAX_DESCRIPTORS = 8


class Channel:
    """One end of the channel. Only one thread at a time may use it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = b""
        self._descriptors: list[int] = []

    def send(self, message: dict[str, Any]) -> None:
        """Send one object."""
        self.sock.sendall(json.dumps(message, default=repr).encode() + b"\n")

    def receive(self) -> tuple[dict[str, Any], list[int]] | None:
        """Return the next object and its descriptors, or None at the end. Raises OSError and ValueError."""
        while b"\n" not in self._buffer:
            data, descriptors, _flags, _address = socket.recv_fds(self.sock, 65536, MAX_DESCRIPTORS)
            for descriptor in descriptors:
                os.set_inheritable(descriptor, False)
            self._descriptors += descriptors
            if not data or len(self._buffer) > MAX_MESSAGE:
                return None
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        descriptors, self._descriptors = self._descriptors, []
        message = decode(line)
        return (message, descriptors) if isinstance(message, dict) else None
