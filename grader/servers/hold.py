"""Holds: the proxy stops one command or its reply while all other connections go on, to make a race."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import Self

Command = tuple[bytes, ...]
Predicate = Callable[[Command], bool]


class Stage(Enum):
    """When a command is held: before or after the server executes it."""

    BEFORE = "before"
    """The server has not seen it yet."""
    AFTER = "after"
    """The server has executed it, and its reply is withheld."""


@dataclass(eq=False, slots=True)
class Hold:
    """Catches the first command for which `predicate` is true, and holds the command until `release`.

    The commands and replies behind that command on the same connection wait too. A hold is a context manager
    that releases at its end.
    """

    predicate: Predicate
    stage: Stage
    _wake: Callable[[], None]
    taken: bool = False
    _reached: threading.Event = field(default_factory=threading.Event)
    _released: threading.Event = field(default_factory=threading.Event)

    def wait(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds until a command is held; whether one is."""
        return self._reached.wait(timeout)

    def release(self) -> None:
        """Let the command go on. A hold that has caught no command catches none from now on."""
        self._released.set()
        self._wake()

    def reach(self) -> None:
        """Called by the proxy: the command is held now."""
        self._reached.set()

    @property
    def open(self) -> bool:
        """Whether the command may go on."""
        return self._released.is_set()

    def catches(self, stage: Stage, command: Command) -> bool:
        """Whether this hold catches `command` at `stage`; true once only."""
        if self.taken or self.open or stage is not self.stage or not self.predicate(command):
            return False
        self.taken = True
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
