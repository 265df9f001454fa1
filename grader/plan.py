"""What the caller asks of the judge: which checks, in which order, for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.result import Tier


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """One check to run. `points` is 0 for the core of earlier activities: checked again, not paid twice.

    `options` are what the learner named in workshop.toml (`statistics_url`, say), a table with a dot.
    """

    id: str
    tier: Tier
    points: int = 0
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The checks of one activity, the core of all earlier ones first."""

    activity: str
    checks: tuple[PlannedCheck, ...]
