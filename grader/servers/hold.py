"""A race from outside: one command is stopped on its way while everything else goes on."""

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
    """Where a command is held."""

    BEFORE = "before"
    """The server has not seen it yet."""
    AFTER = "after"
    """The server has executed it, and its reply is withheld."""


@dataclass(eq=False, slots=True)
class Hold:
    """Waits for the first command that `predicate` is true of, and holds it until `release`.

    The commands and replies behind it on the same connection wait too. As a context manager it
    releases on leaving.
    """

    predicate: Predicate
    stage: Stage
    _wake: Callable[[], None]
    taken: bool = False
    _reached: threading.Event = field(default_factory=threading.Event)
    _released: threading.Event = field(default_factory=threading.Event)

    def wait(self, timeout: float) -> bool:
        """Whether the command has been reached within `timeout` seconds."""
        return self._reached.wait(timeout)

    def release(self) -> None:
        """Let go. A hold that was not reached yet catches nothing any more."""
        self._released.set()
        self._wake()

    def reach(self) -> None:
        """The proxy's side: the command is here."""
        self._reached.set()

    @property
    def open(self) -> bool:
        """Whether the command may go on."""
        return self._released.is_set()

    def catches(self, stage: Stage, command: Command) -> bool:
        """Whether this is the command waited for; true once only."""
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
