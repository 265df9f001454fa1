"""Negative controls: each check fails on a project with the fault it is about, and its neighbours pass.

And the other way round: projects that do it in an odd way, and right, pass all that applies to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from grader.checks import in_order, specs
from grader.judge import judge
from grader.plan import Plan, PlannedCheck
from grader.result import Outcome, Result, Tier
from grader.submission import find
from tests.conftest import MakeProject
from tests.projects.control import Control
from tests.projects.mutants import MUTANTS
from tests.projects.odd import ODD
from tests.projects.odd_monitored import ODD_MONITORED
from tests.projects.odd_patterns import PATTERNS
from tests.trees import Kind

pytestmark = pytest.mark.proof

PROVED_BY_WRONG = {"B2", "B3", "F1", "F2", "F3", "L1", "L2", "L3", "L4"}
"""The checks whose negative controls are in tests/projects/wrong.py."""

AREAS = {5: "FLDI", 7: "WUG"}
"""The letters of the checks that an odd project is judged by, by the activity up to which it goes."""

TOLD = (Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED)


def with_needs(ids: Iterable[str]) -> set[str]:
    """`ids`, and whatever they need."""
    found = set(ids)
    for id in list(found):
        found |= with_needs(specs()[id].needs)
    return found


def judged(control: Control, make_project: MakeProject, folder: Path, ids: Iterable[str]) -> Result:
    """The result of a control in `ids` and what they need."""
    if isinstance(control.base, Kind):
        project = make_project(control.upto, control.base)
    else:
        project = control.base.write(folder / "project")
    for change in control.changes:
        change.apply(project)
    # The core takes an uncached detail for no feature at all: only as a challenge can D2 fail so.
    tier = Tier.CHALLENGE if "D2" in control.fails else Tier.CORE
    planned = (PlannedCheck(id, tier, 1, control.options.get(id, {})) for id in in_order(with_needs(ids)))
    return judge(find(project), Plan("activity-5", tuple(planned)))


def named(controls: Mapping[str, Control]) -> list[object]:
    """The names as parameters; what is known to come out otherwise must go on doing so."""
    return [
        pytest.param(
            name, marks=[pytest.mark.xfail(reason=control.known, strict=True)] if control.known else []
        )
        for name, control in controls.items()
    ]


def failures(result: Result) -> dict[str, str]:
    """How each check that did not pass came out: as it failed, or what else it was."""
    return {
        verdict.id: verdict.how if verdict.outcome is Outcome.FAILED else verdict.outcome.value
        for verdict in result.checks
        if verdict.outcome is not Outcome.PASSED
    }


def told(result: Result) -> str:
    """What was seen, for whoever reads a failure of ours."""
    return "\n".join(f"{v.id} {v.outcome.value}: {v.seen}" for v in result.checks if v.outcome in TOLD)


@pytest.mark.parametrize("name", named(MUTANTS))
def test_a_fault_fails_its_check_and_no_neighbour(
    name: str, make_project: MakeProject, tmp_path: Path
) -> None:
    mutant = MUTANTS[name]
    result = judged(mutant, make_project, tmp_path, (*mutant.fails, *mutant.passes))
    assert failures(result) == dict(mutant.fails), told(result)


@pytest.mark.parametrize("name", named(ODD_MONITORED))
def test_what_is_monitored_in_an_odd_way_passes(name: str, make_project: MakeProject, tmp_path: Path) -> None:
    odd = ODD_MONITORED[name]
    result = judged(odd, make_project, tmp_path, (*odd.fails, *odd.passes))
    assert failures(result) == dict(odd.fails), told(result)


@pytest.mark.parametrize("name", named({**ODD, **PATTERNS}))
def test_what_is_odd_and_right_passes_all_that_applies(
    name: str, make_project: MakeProject, tmp_path: Path
) -> None:
    odd = {**ODD, **PATTERNS}[name]
    letters = tuple(letter for number, some in AREAS.items() if number <= odd.upto for letter in some)
    every = {id for id in specs() if id.rstrip("0123456789") in letters or id in ("B3", "Z2")}
    result = judged(odd, make_project, tmp_path, every)
    found = failures(result)
    skipped = {id for id, how in found.items() if how == Outcome.SKIPPED.value}
    assert {id: how for id, how in found.items() if id not in skipped} == dict(odd.fails), told(result)
    assert skipped.isdisjoint(odd.passes), told(result)


def test_each_check_has_a_project_that_fails_it() -> None:
    failed = {id for mutant in MUTANTS.values() for id in mutant.fails}
    letters = {*"".join(AREAS.values()), "M", "P", "ST"}
    wanted = {id for id in specs() if id.rstrip("0123456789") in letters or id == "Z2"}
    assert wanted - failed - PROVED_BY_WRONG == set()
