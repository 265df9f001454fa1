"""How a check is written: a decorated function that expects.

A check is a plain pytest function named `check_...` in `grader/checks/activity_N.py`. Its decorator
says what a learner is told; its body is the experiment. It never looks at how the code is spelled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar

from grader.result import Cell, SourceLocation

Function = TypeVar("Function", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class Way:
    """One way to fail a check, when it deserves its own explanation."""

    means: str
    try_: str


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """What is said of a check. `needs` are ids that must have passed, else this one is blocked."""

    id: str
    title: str
    means: str
    try_: str
    needs: tuple[str, ...] = ()
    ways: Mapping[str, Way] = field(default_factory=dict)


COMMON_FAILURE_MODES: Mapping[str, Way] = {
    "server_error": Way(
        "Your code raised an error while it answered, so there is no answer to look at.",
        "Send the same request to your own runserver: its terminal shows every line that led to the error.",
    ),
    "bad_request": Way(
        "The project answered a plain GET with 400: it takes the request for a bad one.",
        "Open the URL in your own runserver and read what it says.",
    ),
}
"""Ways in which any check that makes a request can fail."""


class CheckFailed(Exception):
    """The learner's code did not do what the check expects.

    `seen` is what was observed, `how` a key of the spec's `ways` or empty, `where` the learner's line.
    """

    def __init__(self, seen: str, how: str = "", where: SourceLocation | None = None) -> None:
        super().__init__(seen)
        self.seen = seen
        self.how = how
        self.where = where


class NotApplicable(Exception):
    """The project has no such feature, or a check of this kind cannot be made here: skipped."""


expectations = 0
"""How often the running check has expected something; the judge refuses a pass with none."""


cells: list[Cell] = []
"""What the running check has seen of answers after writes."""


def check(
    id: str,
    *,
    title: str,
    means: str,
    try_: str,
    needs: tuple[str, ...] = (),
    ways: Mapping[str, Way] | None = None,
) -> Callable[[Function], Function]:
    """Mark a function as the check `id`."""

    def mark(function: Function) -> Function:
        spec = CheckSpec(id=id, title=title, means=means, try_=try_, needs=needs, ways=ways or {})
        function.__dict__["spec"] = spec
        return function

    return mark


def expect(condition: object, seen: str, how: str = "", where: SourceLocation | None = None) -> None:
    """Fail the check with what was seen, unless `condition` is true.

    A function and not `assert`: an assert is silently stripped under PYTHONOPTIMIZE, and a check
    that cannot fail is worse than none.
    """
    global expectations
    expectations += 1
    if not condition:
        raise CheckFailed(seen, how, where)


def observe(cell: Cell) -> None:
    """Keep what was seen of an answer after a write, whether it is what the check hopes for or not."""
    cells.append(cell)


def fail(seen: str, how: str = "", where: SourceLocation | None = None) -> NoReturn:
    """Fail the check with what was seen."""
    raise CheckFailed(seen, how, where)


def not_applicable(reason: str) -> NoReturn:
    """Skip the check: the project has nothing it could be made on."""
    raise NotApplicable(reason)
