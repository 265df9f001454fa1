"""A listening socket that can stop listening and still keep its port."""

from __future__ import annotations

import contextlib
import socket

from grader.errors import MachineError
from grader.servers.address import Tcp, free_port


def listen_by_number() -> socket.socket:
    """Return a listening socket on loopback. Raises MachineError if no port is free.

    The socket is bound to its port by number: a port that the system chose for port 0 would be lost when the
    socket stops listening.
    """
    for _ in range(20):
        with contextlib.suppress(OSError):  # another program took the port in between
            return socket.create_server(("127.0.0.1", free_port()))
    raise MachineError("No free port could be opened on 127.0.0.1.", "Close some programs and try again.")


class Listener:
    """Owns `listening`, a TCP socket that was bound to its port by number."""

    def __init__(self, listening: socket.socket) -> None:
        self.socket = listening
        self.listening = True
        host, port = listening.getsockname()[:2]
        self.address = Tcp(host, port)

    def refuse(self) -> None:
        """Refuse connections from now on; those not yet accepted are reset."""
        self.listening = False
        try:
            # On Linux the socket stops listening and keeps its port and its network namespace.
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            self.socket.close()

    def blackhole(self) -> None:
        """Listen and accept no connection: once the backlog is full, a client waits until its time-out."""
        self.listening = False
        self.socket.listen(0)

    def restore(self) -> None:
        """Accept connections again at the same address. Raises OSError if the port was lost meanwhile."""
        if self.socket.fileno() < 0:
            self.socket = socket.create_server((self.address.host, self.address.port))
        else:
            self.socket.listen()
        self.socket.setblocking(False)
        self.listening = True

    def close(self) -> None:
        """Close the socket for good."""
        self.listening = False
        with contextlib.suppress(OSError):
            self.socket.close()
