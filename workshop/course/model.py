"""What an activity is. Loaded from `exercises/activity-N/` by `workshop.course.load`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from grader.plan import CheckWords
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


class Judged(StrEnum):
    """When a check is judged; docs/checks.md says it at length."""

    ALWAYS = "always"
    GATED = "gated"
    PRESENT = "present"
    BOTH = "both"


POINTS = {Tier.CORE: 2, Tier.CHALLENGE: 1, Tier.STRETCH: 1, Tier.ADVISORY: 0}


@dataclass(frozen=True, slots=True)
class CourseCheck:
    """What the course says of a check of the grader, or of a question, which has no `words` here.

    `mode_hints` are the hints for particular failure modes. `stories` are headlines, by failure mode or with
    an empty key for all others, of a failure that is shown as a story. `passes_when` and `judged` are for the
    table of the checks. `letter` is the mode in which the code of the handout fails, None if it passes.
    """

    id: str
    tier: Tier
    hints: HintLevels
    passes_when: str
    judged: Judged = Judged.ALWAYS
    words: CheckWords | None = None
    mode_hints: Mapping[str, HintLevels] = field(default_factory=dict)
    stories: Mapping[str, str] = field(default_factory=dict)
    letter: str | None = None

    @property
    def points(self) -> int:
        """What it is worth in an activity that has it."""
        return POINTS[self.tier]

    def hints_for(self, how: str) -> HintLevels:
        """The hints for whom it failed as `how`."""
        return self.mode_hints.get(how, self.hints)

    def story(self, how: str) -> str:
        """The headline of a failure as `how`, empty if that is not shown as a story."""
        return self.stories.get(how) or self.stories.get("", "")


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of the course. `folder` is exercises/activity-N, `solutions` is solutions/activity-N.

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
