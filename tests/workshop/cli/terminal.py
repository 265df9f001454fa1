"""A real terminal of 80 columns and 24 lines, to type commands in."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect

Type = Callable[..., Any]

SCRIPTS = Path(sys.executable).parent
"""Where the command is installed."""

PATIENCE = 90
"""Seconds; for machines that are busy with other tests."""


@contextmanager
def terminal(usual: Path) -> Iterator[Type]:
    """`type_("check", folder=...)`: a command typed in `folder`, by default the `usual` one.

    The shell finds the workshop by its bare name, so that no line's width depends on where it is installed.
    Further named words are variables of its environment. What still runs at the end is ended.
    """
    children = []
    path = os.pathsep.join((str(SCRIPTS), os.environ.get("PATH", os.defpath)))

    def typed(*words: str, folder: Path = usual, **env: str) -> pexpect.spawn[str]:
        child: pexpect.spawn[str] = pexpect.spawn(
            str(SCRIPTS / "workshop"),
            list(words),
            cwd=str(folder),
            env={**os.environ, "TERM": "xterm-256color", "PATH": path, **env},
            dimensions=(24, 80),
            encoding="utf-8",
            timeout=PATIENCE,
            preexec_fn=_hear_control_c,
        )
        children.append(child)
        return child

    try:
        yield typed
    finally:
        for child in children:
            child.close(force=True)


def _hear_control_c() -> None:
    """Where the tests run in the background of a shell it is ignored, and so in all that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
