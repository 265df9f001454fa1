"""The core solutions, brought into projects of every shape that takes them whole, pass the judge.

`make proof` runs all of it; `make test` runs three.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.boundary.confined_judge import judge
from grader.result import Outcome, Tier
from grader.submission import find
from tests.projects.shapes import SHAPES, Shape
from workshop.actions.project import opened
from workshop.actions.solution import apply_solution, plan_solution
from workshop.course.load import activities, hidden, load
from workshop.course.plan import plan_for

ALWAYS = {"apps-folder", "views-package", "crlf"}
FINE = (Outcome.PASSED, Outcome.SKIPPED)


def judged(shape: Shape) -> object:
    """A shape to judge; most are left to `make proof`."""
    marks = [] if shape.name in ALWAYS else [pytest.mark.proof]
    return pytest.param(shape, id=shape.name, marks=marks)


@pytest.mark.parametrize("shape", [judged(shape) for shape in SHAPES if shape.automatic])
def test_the_core_solution_passes_in_this_shape(shape: Shape, tmp_path: Path) -> None:
    typed_in = shape.make(tmp_path)
    with opened(typed_in, notice=pytest.fail) as learner:
        for number in range(2, 6):
            planned = plan_solution(learner, learner.activity(str(number)))
            assert planned.by_hand == ()
            apply_solution(learner, learner.activity(str(number)), planned)
    result = judge(find(typed_in), plan_for(load(5), activities()), hidden=hidden())
    core = [verdict for verdict in result.checks if verdict.tier is Tier.CORE and verdict.id != "B1"]
    assert len(core) > 10
    assert {verdict.id: verdict.seen for verdict in core if verdict.outcome not in FINE} == {}
