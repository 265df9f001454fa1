"""What can happen while we watch."""

from __future__ import annotations

from dataclasses import dataclass

from grader.result import Result, Verdict


@dataclass(frozen=True, slots=True)
class Saved:
    """Files were saved, made or removed: their paths in the project."""

    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """The project's folder is gone, or has no manage.py any more."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key: a letter, or a name such as `c-c`."""

    key: str


@dataclass(frozen=True, slots=True)
class Resized:
    """The terminal has another size."""


@dataclass(frozen=True, slots=True)
class Began:
    """A run has its turn and judges this activity."""

    activity: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A sentence on the way, such as what was put right before the run."""

    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict, as it came."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Ended:
    """A run is over. `go_on` is the command that comes next once the activity has passed."""

    result: Result
    go_on: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A run could not judge: why, in a sentence, and what to do."""

    sentence: str
    remedy: str


FromRun = Began | Noted | Told | Ended | Refused
Message = Saved | Gone | Pressed | Resized | FromRun
