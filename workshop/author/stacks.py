"""The interpreters that projects are proved with. Nothing is installed here: that is `make pinned`."""

from __future__ import annotations

import subprocess
from pathlib import Path

from grader.errors import MachineError
from workshop.course.load import content_root

PINNED = "tools/pinned.txt"
"""What a project of the class has installed: the handout's own pins, and what they were made for."""

_ASK = "import importlib.metadata as m, sys; print(*(m.version(name) for name in sys.argv[1:]))"


def interpreter(pinned: bool, named: Path | None) -> Path | None:
    """The Python to use: the one `named`, else for the latest packages our own (None).

    With `pinned` it must have exactly those versions; by default it is the one in build/pinned. Raises
    MachineError if there is none, or it has others.
    """
    if not pinned:
        return named
    python = named or content_root() / "build/pinned/bin/python"
    remedy = "Type `make pinned` to make one, or name one with --python."
    wanted = pins()
    try:
        asked = subprocess.run([python, "-c", _ASK, *wanted], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MachineError(f"There is no Python with the pinned packages at {python}.", remedy) from error
    found = dict(zip(wanted, asked.stdout.split(), strict=False))
    for name, version in wanted.items():
        if found.get(name) != version:
            raise MachineError(f"{python} has {name} {found.get(name, 'not')} and not {version}.", remedy)
    return python


def pins() -> dict[str, str]:
    """The pinned packages and their versions."""
    lines = (content_root() / PINNED).read_text(encoding="utf-8").splitlines()
    return {name: version for name, found, version in (line.partition("==") for line in lines) if found}
