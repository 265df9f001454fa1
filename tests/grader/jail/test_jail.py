"""Whole runs in the jail: what does harm costs its own check, and what is honest passes in every way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.errors import MachineError
from grader.judge import judge
from grader.result import Outcome, Result
from grader.sandbox.hosting import jail
from grader.sandbox.hosting import sandbox as hosting
from grader.sandbox.hosting.launch import EntryPoint, Limits
from grader.sandbox.hosting.sandbox import Sandbox
from grader.submission import find
from tests.grader.conftest import IDS, Bench, not_passed, outcomes, verdict
from tests.plans import plan
from tests.projects.build import Variant
from tests.projects.handout import HONEST, instead
from tests.projects.wrong import WRONG
from workshop.course.load import hidden

jailed = pytest.mark.skipif(jail.detect() is None, reason="no bubblewrap")
WAYS = [way for way in jail.ways() if jail.detect() is not None and jail.works(way)]

_HIT = "return Response(cached_data)"
_FORKS = """import os, signal
    for _ in range(200):
        if os.fork() == 0:
            signal.pause()"""


def _judge(
    bench: Bench,
    project: Variant,
    confined: bool = True,
    answer: float = 10,
    ids: tuple[str, ...] = IDS,
) -> Result:
    submission = find(bench.write(project))
    return judge(submission, plan(*ids), None, Limits(response=answer), confined, hidden=hidden())


@jailed
@pytest.mark.parametrize(
    ("code", "says"),
    [
        (_FORKS, "Resource temporarily unavailable"),
        ("bytearray(4 << 30)", "MemoryError"),
        ("while True: pass", "no answer within 2 s"),
        ("import os; os.kill(os.getppid(), 9)\n    while True: pass", "no answer within 2 s"),
    ],
    ids=["200 forks", "4 GB", "a loop", "its parent killed"],
)
def test_harm_costs_its_own_check(code: str, says: str, bench: Bench) -> None:
    ids = ("B3", "L1", "L2", "F1", "F3")  # the harm is done in the middle: on a hit of the list
    result = _judge(bench, instead(_HIT, f"{code}\n    {_HIT}"), answer=2, ids=ids)
    assert {v.id for v in result.checks if v.outcome is Outcome.FAILED} == {"L1", "L2"}
    assert says in verdict(result, "L1").seen
    assert not_passed(result) == {"L1", "L2"}


@jailed
def test_a_second_address_is_seen_from_outside(bench: Bench) -> None:
    result = _judge(bench, WRONG["a second connection of its own"].variant)
    assert outcomes(result)["F2"] == "failed second_address"
    assert verdict(result, "F2").seen == "the project dialled 127.0.0.1:6379"
    assert not_passed(result) == {"F2"}


@jailed
@pytest.mark.parametrize("way", WAYS, ids=lambda way: "dropped" if way.user else "in a user namespace")
def test_the_honest_project_passes_in_every_way(
    way: jail.Jail, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosting, "find_jail", lambda wanted, hidden: replace(way, hidden=hidden))
    result = _judge(bench, HONEST)
    assert (not_passed(result), result.jail) == (set(), "bubblewrap")


def test_the_honest_project_passes_without(bench: Bench) -> None:
    result = _judge(bench, HONEST, confined=False)
    assert (not_passed(result), result.jail) == (set(), "none")


def test_a_jail_that_is_wanted_and_not_there_is_the_machines_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(jail, "detect", jail.detect.__wrapped__)
    assert jail.find_jail(None) is None
    with pytest.raises(MachineError, match="no jail"):
        jail.find_jail(True)


@jailed
def test_a_project_can_be_loaded_while_what_another_left_is_ended(bench: Bench) -> None:
    with Sandbox(find(bench.write(HONEST)), jail=True, hidden=hidden()) as sandbox:
        sandbox.project.report()
        entry = EntryPoint("safeboda.settings", sandbox.paths.copy)
        projects = [sandbox.pool.loaded(entry, {"CACHE_TTL": 0})]
        for ttl in range(1, 6):
            projects[-1].sweep()
            projects.append(sandbox.pool.loaded(entry, {"CACHE_TTL": ttl}))
        for project in projects:
            assert project.loaded()["ok"]
