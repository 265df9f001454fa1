"""Processes that outlive us: is this pid still the one we started, and how to end it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path


def birth(pid: int) -> str | None:
    """A mark of when the process began, or None if there is none. A pid that was reused has another mark."""
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    try:
        answer = subprocess.run(
            ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
            capture_output=True, text=True, timeout=5, check=False, env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    state, _, began = answer.stdout.strip().partition(" ")
    return None if not began or state.startswith("Z") else began.strip()


def end(pid: int, mark: str, patience: float = 1.0) -> bool:
    """End the process if it is still the one with this mark: kindly, and after `patience` seconds by force.

    Returns whether there was one. Raises OSError if it is not ours to end.
    """
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if birth(pid) != mark:
            return sign is signal.SIGKILL
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return sign is signal.SIGKILL
        if until(lambda: birth(pid) != mark, patience):
            return True
    return True


def until(condition: Callable[[], bool], seconds: float, every: float = 0.005) -> bool:
    """Whether the condition became true within `seconds`, looked at every few milliseconds."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            return False
        pause.wait(every)
    return True
