"""The one tree of errors. Each prints one sentence and one remedy, never a traceback."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """What a command tells the shell."""

    OK = 0
    """The core of this and all earlier activities passed, or the command did its work."""
    CODE = 1
    """The learner's code: core not passed, syntax error, loop, flood."""
    USAGE = 2
    """Typed wrongly or in the wrong place: no manage.py, two of them, unknown activity."""
    ENVIRONMENT = 3
    """The machine: missing package, no server, read-only folder."""
    OURS = 4
    """A fault of the workshop itself."""


class WorkshopError(Exception):
    """Base of all expected errors.

    `sentence` says what is wrong, `remedy` the one thing to do about it. Raise a subclass, so that
    the exit status is right.
    """

    status = ExitStatus.OURS

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy


class CodeError(WorkshopError):
    """The learner's code stands in the way (a syntax error, an endless loop)."""

    status = ExitStatus.CODE


class UsageError(WorkshopError):
    """The command was typed wrongly, or in the wrong folder."""

    status = ExitStatus.USAGE


class MachineError(WorkshopError):
    """The machine lacks something: a package, a server, room, a permission."""

    status = ExitStatus.ENVIRONMENT


class GraderError(WorkshopError):
    """The workshop itself is at fault."""

    status = ExitStatus.OURS
