"""Refuses every connection except those to the servers of the run.

Without a jail, this guard keeps a project that hard-codes an address away from the learner's own Redis. The
guard protects against mistakes, not against malice.
"""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Collection
from typing import Any

refused: list[str] = []
"""The refused addresses in order, each once."""

_LOCAL_NAMES = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "", None, b"localhost", b"127.0.0.1"}


def install(allowed: Collection[tuple[str, int]]) -> None:
    """From now on, refuse connections to all addresses but `allowed` (host, port)."""

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            sock, address = args
            if sock.family in (socket.AF_INET, socket.AF_INET6) and tuple(address[:2]) in allowed:
                return
            _refuse(_name(address))
        elif event == "socket.getaddrinfo" and args[0] not in _LOCAL_NAMES and not _is_number(args[0]):
            _refuse(_name((args[0], args[1])))

    sys.addaudithook(hook)


def _refuse(address: str) -> None:
    if address not in refused and len(refused) < 50:
        refused.append(address)
    raise ConnectionRefusedError(
        errno.ECONNREFUSED, f"the workshop lets a project reach its own Redis only: {address}"
    )


def _name(address: Any) -> str:
    if isinstance(address, tuple):
        return ":".join(str(part) for part in address[:2])
    return address.decode(errors="replace") if isinstance(address, bytes) else str(address)


def _is_number(host: Any) -> bool:
    text = host.decode(errors="replace") if isinstance(host, bytes) else str(host)
    return text.replace(".", "").isdigit() or ":" in text
