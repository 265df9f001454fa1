"""What an activity is. Loaded from `exercises/activity-N/activity.toml` by `workshop.course.load`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.result import Tier
from workshop.scaffold.edits import Edit

HintLevels = tuple[str, str, str]
"""A nudge, a pointer, nearly the answer."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. `given` means scaffolded whole: nothing to fill in."""

    id: str
    title: str
    text: str
    edits: tuple[Edit, ...] = ()
    given: bool = False


@dataclass(frozen=True, slots=True)
class CourseCheck:
    """What the course says of a check of the grader: its tier, its points, its hints.

    `ways` has hints for particular ways to fail (the keys of the check's own `ways`).
    """

    id: str
    tier: Tier
    points: int
    hints: HintLevels
    ways: Mapping[str, HintLevels] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Activity:
    """One of the nine. `folder` is exercises/activity-N, `solutions` is solutions/activity-N.

    The checks of an activity of `theory` are questions: answered, and not judged by what code does.
    """

    number: int
    title: str
    minutes: int
    objectives: tuple[str, ...]
    try_it: tuple[str, ...]
    tasks: tuple[Task, ...]
    checks: tuple[CourseCheck, ...]
    folder: Path
    solutions: Path
    theory: bool = False

    @property
    def id(self) -> str:
        """`activity-4`."""
        return f"activity-{self.number}"

    @property
    def lesson(self) -> Path:
        """The lesson, in Markdown."""
        return self.folder / "lesson.md"

    @property
    def templates(self) -> Path:
        """Where the fragments with blanks lie."""
        return self.folder / "templates"
