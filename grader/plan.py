"""The plan for a run: which checks, in which order, for how many points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.result import Tier


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """One check to run. `points` is 0 for the core of earlier activities, which earns no points again.

    `options` are the names in workshop.toml, such as `statistics_url`; a key in a table is `table.key`.
    """

    id: str
    tier: Tier
    points: int = 0
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The checks of one activity, after the core of all earlier activities."""

    activity: str
    checks: tuple[PlannedCheck, ...]
