"""Whatever a project does, it gets one sentence, the right fault, and loses no other check than it must."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from grader.checks import specs
from grader.result import Fault, Outcome
from tests.grader.conftest import IDS, Bench, not_passed, verdict
from tests.projects.broken import BROKEN, RUNS


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_project_gets_its_own_sentence(name: str, bench: Bench) -> None:
    broken = BROKEN[name]
    result = bench.judge(broken.variant, broken.limits)
    fault = Fault.ENVIRONMENT if broken.environment else Fault.CODE
    outcome = Outcome.ERROR if broken.environment else Outcome.FAILED
    assert (result.outcome, result.fault) == (outcome, fault)
    for id in broken.fails:
        failed = verdict(result, id)
        assert (failed.outcome, failed.fault) == (outcome, fault)
        assert broken.says in failed.seen
        assert failed.means
        assert failed.try_
        assert (failed.where.file if failed.where else "") == broken.where
    assert {v.id for v in result.checks if v.outcome is outcome} == set(broken.fails)
    assert not_passed(result) == _with_all_that_need(set(broken.fails))


@pytest.mark.parametrize("name", RUNS)
def test_an_odd_project_passes_and_its_folder_is_as_before(name: str, bench: Bench) -> None:
    folder = bench.write(RUNS[name])
    before = _contents(folder)
    assert not_passed(bench.judge(folder)) == set()
    assert _contents(folder) == before


def _with_all_that_need(ids: set[str]) -> set[str]:
    found = set(ids)
    for id in IDS:  # what needs something stands after it
        if found & set(specs()[id].needs):
            found.add(id)
    return found


def _contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in folder.rglob("*")
    }
