"""Activity 8 on projects of every shape: room is made, or it is said why not; and all comes back."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.submission import find
from tests.projects.shapes import SHAPES, Shape
from tests.workshop.test_shapes import files
from workshop.actions.project import opened
from workshop.actions.start import carry_out, prepare
from workshop.actions.undo import plan_undo, undo

IN_ITS_PLACE = {"two-settings"}
"""Shapes that have production settings of their own."""

ALWAYS = {"settings-package", "base-and-dev", "two-settings", "star-import", "crlf", "latin-1"}


def chosen(shape: Shape) -> object:
    """A shape to try; most are left to `make proof`."""
    return pytest.param(shape, id=shape.name, marks=[] if shape.name in ALWAYS else [pytest.mark.proof])


@pytest.mark.parametrize("shape", [chosen(shape) for shape in SHAPES])
def test_the_settings_make_room_and_come_back(shape: Shape, tmp_path: Path) -> None:
    typed_in = shape.make(tmp_path)
    original = files(tmp_path)
    with opened(typed_in, notice=pytest.fail) as learner:
        start = prepare(learner, learner.activity("8"))
        reasons = {outcome.reason for outcome in start.by_hand}
        assert bool(reasons) is (shape.name in IN_ITS_PLACE)
        assert all("place of its own" in reason for reason in reasons)
        started = carry_out(learner, start)
        root = learner.root
        assert len(started.blanks) == (0 if reasons else 4)
    now = find(typed_in)
    assert now.settings_module == learner.submission.settings_module
    assert now.settings_file is not None
    assert "INSTALLED_APPS" in (root / now.settings_file).read_text("latin-1") or shape.name == "base-and-dev"
    for path in root.glob("safeboda/settings/*.py"):
        ast.parse(path.read_bytes())
    with opened(typed_in, notice=pytest.fail) as learner:
        assert prepare(learner, learner.activity("8")).changes == ()
        if start.changes:
            undo(learner, plan_undo(learner))
    assert files(tmp_path) == original
