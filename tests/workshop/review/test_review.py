"""The review: the pull request is one's own, and the grade follows from what was said."""

from __future__ import annotations

import ast

import pytest

from grader.checks import specs
from grader.result import Outcome
from workshop.review.grade import NamedHunks, Tick, grade, judge
from workshop.review.load import sheet
from workshop.review.model import HunkKind, Line
from workshop.review.pull_request import pull_request

SEEDS = range(60)
LINE = Line("K1", "A line", ("L2", "L3"))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pull_request_has_four_faults_one_of_them_subtle_and_two_decoys(seed: int) -> None:
    changes = [hunk.change for hunk in pull_request(sheet().changes, seed, 0)]
    faults = [change for change in changes if change.kind is HunkKind.FAULT]
    assert (len(faults), len(changes), len({change.id for change in changes})) == (4, 10, 10)
    assert {fault.subtle for fault in faults} == {True, False}
    assert len([change for change in changes if change.kind is HunkKind.DECOY]) == 2


def test_it_is_the_same_each_time_and_another_for_another_learner_or_turn() -> None:
    def ids(seed: int, turn: int) -> tuple[str, ...]:
        return tuple(hunk.change.id for hunk in pull_request(sheet().changes, seed, turn))

    assert ids(7, 0) == ids(7, 0)
    assert len({ids(seed, 0) for seed in SEEDS} | {ids(7, 1)}) == len(SEEDS) + 1


def test_a_hunk_fits_a_screen_and_shows_the_change_alone() -> None:
    for hunk in pull_request(sheet().changes, 1, 0):
        assert len(hunk.diff) <= 16, hunk.change.id
        assert [row[0] for row in hunk.diff].count("@") == 0
    for change in sheet().changes:
        ast.parse(change.source.replace(change.old, change.new))


def test_every_line_and_every_fault_names_checks_that_there_are() -> None:
    known = set(specs())
    assert {id for line in sheet().lines for id in line.checks} <= known
    assert {change.check for change in sheet().changes} - {""} <= known
    assert [line.id for line in sheet().lines] == ["K1", "K2", "K3", "K4", "K5", "K6"]


@pytest.mark.parametrize(
    ("outcomes", "tick", "share"),
    [
        ({"L2": Outcome.PASSED, "L3": Outcome.PASSED}, True, 1.0),
        ({"L2": Outcome.PASSED, "L3": Outcome.SKIPPED}, True, 1.0),
        ({"L2": Outcome.PASSED, "L3": Outcome.FAILED}, False, 0.5),
        ({"L2": Outcome.PASSED, "L3": Outcome.BLOCKED}, False, 0.5),
        ({"L2": Outcome.PASSED}, False, 0.5),
        ({}, False, 0.0),
    ],
)
def test_a_line_is_ticked_if_all_was_judged_and_nothing_failed(
    outcomes: dict[str, Outcome], tick: bool, share: float
) -> None:
    judged = judge(LINE, outcomes)
    assert (judged.tick, judged.share) == (tick, share)


def test_the_grade_is_60_20_20_and_naming_all_hunks_is_no_way_to_it() -> None:
    judged = [judge(LINE, {"L2": Outcome.PASSED, "L3": Outcome.FAILED})]
    hunks = pull_request(sheet().changes, 3, 0)
    faults = frozenset(hunk.number for hunk in hunks if hunk.change.kind is HunkKind.FAULT)
    right = grade(judged, {"K1": Tick(False, "L3 fails")}, NamedHunks(hunks, faults))
    assert right.score == pytest.approx(0.6 * 0.5 + 0.2 + 0.2)
    everything = grade(judged, {"K1": Tick(True, "surely")}, NamedHunks(hunks, frozenset(range(1, 11))))
    assert everything.score == pytest.approx(0.6 * 0.5 + 0.0 + 0.2 * 0.4)
    nothing = grade(judged, {}, NamedHunks(hunks, frozenset()))
    assert (nothing.calibration, nothing.pull_request) == (None, 0.0)
