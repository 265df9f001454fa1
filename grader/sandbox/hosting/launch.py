"""How a project is launched: its paths, its entry point, and its time-outs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.submission import Submission

LOAD_SECONDS = 30.0
RESPONSE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Time-outs in seconds: to load the project, and for a response."""

    load: float = LOAD_SECONDS
    response: float = RESPONSE_SECONDS


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A settings module, the folder of a copy of the project, and environment variables.

    `variables` are set before the settings load, or removed if None. With `own_databases` the project keeps
    the databases in its settings.
    """

    settings: str
    root: Path
    variables: Mapping[str, str | None] = field(default_factory=dict)
    own_databases: bool = False


@dataclass(frozen=True, slots=True)
class SandboxPaths:
    """The paths of a sandbox. In the jail, the project can write to `copies` and `databases` only."""

    submission: Submission
    scratch: Path
    copies: tuple[Path, ...]
    databases: Path

    @property
    def copy(self) -> Path:
        """The copy of the project for the entry point of manage.py."""
        return self.copies[0]
