"""What the caller asks of the judge: which checks, in which order, in which words, for how many points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader.result import Tier
from grader.spec import CheckSpec


@dataclass(frozen=True, slots=True)
class FailureMode:
    """What a learner is told whose code fails a check in one particular way."""

    means: str
    try_: str


COMMON_FAILURE_MODES: Mapping[str, FailureMode] = {
    "server_error": FailureMode(
        "Your code raised an error while it answered, so there is no answer to look at.",
        "Send the same request to your own runserver: its terminal shows every line that led to the error.",
    ),
    "bad_request": FailureMode(
        "The project answered a plain GET with 400: it takes the request for a bad one.",
        "Open the URL in your own runserver and read what it says.",
    ),
}
"""How any check that makes a request can fail."""


@dataclass(frozen=True, slots=True)
class CheckWords:
    """What a learner is told of a check. `failure_modes` are those that deserve words of their own."""

    title: str
    means: str
    try_: str
    failure_modes: Mapping[str, FailureMode] = field(default_factory=dict)

    def of(self, how: str) -> FailureMode:
        """What is said of a check that failed as `how`: by a mode's own words, or else by the check's."""
        own = FailureMode(self.means, self.try_)
        return self.failure_modes.get(how) or COMMON_FAILURE_MODES.get(how) or own


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """One check to run. `points` is 0 for the core of earlier activities, which earns no points again.

    `optional` tells that a project may lack what is judged: only then a check of the core is ever skipped.
    `options` are the names in workshop.toml, such as `statistics_url`; a key in a table is `table.key`.
    """

    spec: CheckSpec
    words: CheckWords
    tier: Tier
    points: int = 0
    optional: bool = False
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id of the check."""
        return self.spec.id


@dataclass(frozen=True, slots=True)
class Plan:
    """The checks of one activity, after the core of all earlier activities."""

    activity: str
    checks: tuple[PlannedCheck, ...]


def in_order(checks: Iterable[PlannedCheck]) -> tuple[PlannedCheck, ...]:
    """`checks` with each after those it needs, as far as they are among them; otherwise as they come."""
    by_id = {planned.id: planned for planned in checks}
    order: dict[str, PlannedCheck] = {}

    def paths(planned: PlannedCheck) -> None:
        if planned.id in order:
            return
        for need in planned.spec.needs:
            if need in by_id:
                paths(by_id[need])
        order[planned.id] = planned

    for planned in by_id.values():
        paths(planned)
    return tuple(order.values())
