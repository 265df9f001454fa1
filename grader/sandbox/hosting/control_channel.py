"""A word with a process of the project on its control channel, and what it means if none comes back."""

from __future__ import annotations

import os
from typing import Any

from grader.probe.wire import Channel
from grader.sandbox import errors
from grader.sandbox.observing.process_log import FLOOD, ProcessLog


def ask(
    channel: Channel, message: dict[str, Any] | None, doing: str, seconds: float, log: ProcessLog
) -> dict[str, Any]:
    """Send `message`, if there is one; the next message that comes. Raises NoResponse after `seconds`.

    `doing` says what the project was about, and `log` is its own.
    """
    reply, descriptors = receive(channel, doing, seconds, log, message)
    for descriptor in descriptors:  # nobody asked for these
        os.close(descriptor)
    return reply


def receive(
    channel: Channel, doing: str, seconds: float, log: ProcessLog, message: dict[str, Any] | None = None
) -> tuple[dict[str, Any], list[int]]:
    """As `ask`, with the descriptors that came along."""
    channel.sock.settimeout(seconds)
    try:
        if message is not None:
            channel.send(message)
        received = channel.receive()
    except TimeoutError as error:
        raise errors.hung(doing, seconds) from error
    except (OSError, ValueError) as error:
        raise errors.ended(doing, log.text()) from error
    if received is None:
        raise errors.flooded(doing, FLOOD) if log.flooded else errors.ended(doing, log.text())
    return received
