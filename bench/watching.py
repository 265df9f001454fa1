"""`workshop watch` in a real terminal, and how long after a key or a save a verdict is on its screen."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pexpect

from bench.clock import Group, Took

PATIENCE = 120
FIRST_CORE = r"B3 is judged"
"""The first verdict that needs the learner's code to run."""
WAITS = r"Watching: save"


class Watching:
    """A context manager: the watch under way, with its first run behind it."""

    def __init__(self, project: Path, activity: str, group: Group | None) -> None:
        self._project = project
        self._activity = activity
        self._group = group

    def __enter__(self) -> Self:
        self._screen: Any = pexpect.spawn(
            sys.executable,
            ["-m", "workshop", "watch", self._activity],
            cwd=str(self._project),
            dimensions=(40, 120),
            encoding="utf-8",
            timeout=PATIENCE,
            preexec_fn=self._group.join if self._group else None,
        )
        self._screen.delaybeforesend = None  # pexpect would wait 50 ms before each key
        self._screen.expect(WAITS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._screen.send("q")
        self._screen.expect(pexpect.EOF)
        self._screen.close()

    def again(self) -> tuple[Took, Took]:
        """Press r: until the first verdict on running code, and until all."""
        return self._until(lambda: self._screen.send("r"), "workshop watch")

    def after(self, save: Callable[[], object]) -> tuple[Took, Took]:
        """The same after a save."""
        return self._until(save, "saved")

    def _until(self, deed: Callable[[], object], begins: str) -> tuple[Took, Took]:
        cpu = self._group.cpu() if self._group else 0.0
        began = time.perf_counter()
        deed()

        def took() -> Took:
            wall = (time.perf_counter() - began) * 1000
            return Took(wall, self._group.cpu() - cpu if self._group else None)

        self._screen.expect(begins)
        self._screen.expect(FIRST_CORE)
        first = took()
        self._screen.expect(WAITS)
        return first, took()
