"""Processes that outlive the workshop: whether a pid is still the started process, and how to end it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path


def start_mark(pid: int) -> str | None:
    """Return when the process `pid` started, or None if there is none. A reused pid has another mark."""
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
    """End the process `pid` if it still has this start mark.

    The process gets SIGTERM, and SIGKILL after `patience` seconds. Returns whether the process ran. Raises
    OSError if the user may not end it.
    """
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if start_mark(pid) != mark:
            return sign is signal.SIGKILL
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return sign is signal.SIGKILL
        if until(lambda: start_mark(pid) != mark, patience):
            return True
    return True


def until(condition: Callable[[], bool], seconds: float, every: float = 0.005) -> bool:
    """Wait at most `seconds` until `condition` is true; call it again after `every` seconds.

    Returns whether it became true.
    """
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            return False
        pause.wait(every)
    return True
