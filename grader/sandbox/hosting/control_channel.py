"""Messages on the control channel of a process, with a time-out and an error if there is no reply."""

from __future__ import annotations

import os
from typing import Any

from grader.probe.wire import Channel
from grader.sandbox import errors
from grader.sandbox.observing.process_log import FLOOD, ProcessLog


def ask(
    channel: Channel, message: dict[str, Any] | None, doing: str, seconds: float, log: ProcessLog
) -> dict[str, Any]:
    """Send `message`, if there is one, and return the next message. Raises NoResponse after `seconds`.

    `doing` describes what the process does, for the error; `log` is its output.
    """
    reply, descriptors = receive(channel, doing, seconds, log, message)
    for descriptor in descriptors:  # unexpected ones
        os.close(descriptor)
    return reply


def receive(
    channel: Channel, doing: str, seconds: float, log: ProcessLog, message: dict[str, Any] | None = None
) -> tuple[dict[str, Any], list[int]]:
    """As `ask`, and return the descriptors of the message too."""
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
