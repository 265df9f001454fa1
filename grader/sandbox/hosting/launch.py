"""How a project is launched: where it lies, how it is entered, and how long it may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.submission import Submission

LOAD_SECONDS = 30.0
RESPONSE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a project may take, in seconds: to load, and to answer anything."""

    load: float = LOAD_SECONDS
    response: float = RESPONSE_SECONDS


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """Which settings module the project is entered by, in which copy of it, and with which environment.

    `variables` are set before the settings load, and taken away where they are None. With `own_databases`
    these stay as they are written.
    """

    settings: str
    root: Path
    variables: Mapping[str, str | None] = field(default_factory=dict)
    own_databases: bool = False


@dataclass(frozen=True, slots=True)
class SandboxPaths:
    """Where a submission is hosted. In the jail it can write to the `copies` and to `databases` only."""

    submission: Submission
    scratch: Path
    copies: tuple[Path, ...]
    databases: Path

    @property
    def copy(self) -> Path:
        """The copy of the project that is judged, where nothing else is said."""
        return self.copies[0]
