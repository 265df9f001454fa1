"""How a check is written: a decorated function that expects.

A check is a plain pytest function named `check_...` in `grader/checks/activity_N.py`. Its decorator has the
facts that the judge goes by; its body is the experiment. It never looks at how the code is spelled. What a
learner is told of it comes with the plan (`grader/plan.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn, TypeVar

from grader.result import CachedView, Cell, Fault, SourceLocation, Write

Function = TypeVar("Function", bound=Callable[..., None])


class ExtraServer(StrEnum):
    """A server beside the run's own, for checks of where else a project would go."""

    SECOND = "second"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """What the judge has to know of a check, beside its words. `file` is the Python file that has it.

    `needs` are ids that must have passed, else this one is blocked. `settings` are what the check varies in
    the project's settings, `servers` what it wants beside the run's own. `about_cache` is false where the
    check says nothing of how the cache is used, and so is not run again on other servers. `machine_only` is
    a check of the learner's own machine. `proves_cached` is the answer that comes from a cache if the check
    passes, and `freshness` are the answers after writes that it looks at.
    """

    id: str
    file: str
    needs: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    servers: tuple[ExtraServer, ...] = ()
    about_cache: bool = True
    machine_only: bool = False
    proves_cached: CachedView | None = None
    freshness: tuple[tuple[CachedView, Write], ...] = ()


class CheckFailed(Exception):
    """The learner's code did not do what the check expects.

    `seen` is what was observed, `how` the name of a failure mode or empty, `where` the learner's line.
    """

    def __init__(self, seen: str, how: str = "", where: SourceLocation | None = None) -> None:
        super().__init__(seen)
        self.seen = seen
        self.how = how
        self.where = where


class NotApplicable(Exception):
    """There is nothing that the check could be made on.

    `reason` says what is lacking. `try_` says what to do about it, where no project may lack it: then no
    check of the core is skipped for it, and else only one whose feature is optional. `fault` tells whose lack
    it is.
    """

    def __init__(self, reason: str, try_: str = "", fault: Fault = Fault.CODE) -> None:
        super().__init__(reason)
        self.reason = reason
        self.try_ = try_
        self.fault = fault


expectations = 0
"""How often the running check has expected something; the judge refuses a pass with none."""


cells: list[Cell] = []
"""What the running check has seen of answers after writes."""


def check(
    id: str,
    *,
    needs: tuple[str, ...] = (),
    settings: Mapping[str, object] | None = None,
    servers: tuple[ExtraServer, ...] = (),
    about_cache: bool = True,
    machine_only: bool = False,
    proves_cached: CachedView | None = None,
    freshness: tuple[tuple[CachedView, Write], ...] = (),
) -> Callable[[Function], Function]:
    """Mark a function as the check `id`; the facts are those of `CheckSpec`."""

    def mark(function: Function) -> Function:
        function.__dict__["spec"] = CheckSpec(
            id=id,
            file=function.__code__.co_filename,
            needs=needs,
            settings=settings or {},
            servers=servers,
            about_cache=about_cache,
            machine_only=machine_only,
            proves_cached=proves_cached,
            freshness=freshness,
        )
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


def not_applicable(reason: str, try_: str = "", fault: Fault = Fault.CODE) -> NoReturn:
    """End the check: there is nothing it could be made on; see `NotApplicable`."""
    raise NotApplicable(reason, try_, fault)
