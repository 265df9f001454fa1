"""Activity 9: each check fails on a project with its fault, and what is odd and right passes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from grader.checks import in_order, specs
from grader.judge import judge
from grader.plan import Plan, PlannedCheck
from grader.result import Outcome, Result, Tier
from grader.submission import find
from tests.projects.build import Variant
from tests.projects.control import Control
from tests.projects.faults_passenger import PASSENGER
from tests.projects.odd_passengers import ODD_PASSENGERS
from tests.proof.test_controls import failures, told, with_needs

pytestmark = pytest.mark.proof

OURS = {id for id in specs() if id[0] == "N"} | {"F5", "I6", "I7", "I8", "I9", "I18"}
"""The checks of Activity 9, those included that look at the users first."""


def judged(control: Control, folder: Path, ids: Iterable[str]) -> Result:
    """The result of a control in `ids` and what they need, the checks of the passengers first."""
    assert isinstance(control.base, Variant)
    project = control.base.write(folder / "project")
    for change in control.changes:
        change.apply(project)
    # The core takes an uncached detail for no feature at all: only as a challenge can N6 fail so.
    tier = Tier.CHALLENGE if "N6" in control.fails else Tier.CORE
    first = sorted(with_needs(ids), key=lambda id: (id[0] != "N", id))
    planned = (PlannedCheck(id, tier, 1, control.options.get(id, {})) for id in in_order(first))
    return judge(find(project), Plan("activity-9", tuple(planned)))


@pytest.mark.parametrize("name", PASSENGER)
def test_a_fault_fails_its_check_and_no_neighbour(name: str, tmp_path: Path) -> None:
    fault = PASSENGER[name]
    result = judged(fault, tmp_path, (*fault.fails, *fault.passes))
    assert failures(result) == dict(fault.fails), told(result)


@pytest.mark.parametrize("name", ODD_PASSENGERS)
def test_what_is_odd_and_right_passes_all_that_applies(name: str, tmp_path: Path) -> None:
    odd = ODD_PASSENGERS[name]
    result = judged(odd, tmp_path, OURS - ({"N15", "N16"} - set(odd.passes)))
    found = failures(result)
    skipped = {id for id, how in found.items() if how == Outcome.SKIPPED.value}
    assert {id: how for id, how in found.items() if id not in skipped} == dict(odd.fails), told(result)
    assert skipped.isdisjoint(odd.passes), told(result)


def test_each_check_of_the_passengers_has_a_project_that_fails_it() -> None:
    assert OURS - {id for fault in PASSENGER.values() for id in fault.fails} == set()
