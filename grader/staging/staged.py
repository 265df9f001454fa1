"""What the sandbox needs of a staged project, whoever has staged it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from grader.result import LeftOut
from grader.staging.repository import Repository


class Staged(Protocol):
    """A read-only tree of plain files at `path`, and what was not taken of the hand-in."""

    @property
    def path(self) -> Path:
        """The folder of the tree."""

    @property
    def left_out(self) -> Sequence[LeftOut]:
        """What was not staged."""

    @property
    def missed(self) -> tuple[LeftOut, ...]:
        """The first of what was left out and may be missed."""

    @property
    def repository(self) -> Repository:
        """The git repository around the project, as it is now."""

    def make(self, source: Path) -> None:
        """Stage the project at `source`, in place of what is there."""

    def is_current(self) -> bool:
        """Whether the project is still as it was staged."""


@dataclass(slots=True)
class StagedBefore:
    """A project that was staged outside the jail. `current` tells whether it is as it was at the last run."""

    path: Path
    left_out: tuple[LeftOut, ...]
    missed: tuple[LeftOut, ...]
    repository: Repository
    current: bool

    def make(self, source: Path) -> None:
        """Do nothing: it is staged."""

    def is_current(self) -> bool:
        """As told."""
        return self.current
