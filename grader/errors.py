"""The tree of expected errors. The CLI prints the sentence and the remedy of an error, no traceback."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """The exit status of a command."""

    OK = 0
    """The core of this and all earlier activities passed, or the command did its work."""
    CODE = 1
    """The learner's code is at fault: core not passed, syntax error, endless loop, too much output."""
    USAGE = 2
    """The command was typed wrongly or in the wrong folder: no manage.py, two of them, unknown activity."""
    ENVIRONMENT = 3
    """The machine lacks something: a package, a server, a writable folder."""
    OURS = 4
    """The workshop itself is at fault."""


class WorkshopError(Exception):
    """Base of all expected errors.

    `sentence` describes the problem, and `remedy` the one thing to do. Raise a subclass, which sets the exit
    status.
    """

    status = ExitStatus.OURS

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy


class CodeError(WorkshopError):
    """The learner's code is at fault (a syntax error, an endless loop)."""

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
