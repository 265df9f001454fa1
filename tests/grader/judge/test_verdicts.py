"""Every check passes on what is right, however it is done, and fails on what is wrong, in its own way."""

from __future__ import annotations

import pytest

from grader.checks import specs
from grader.result import Fault, Outcome, Source
from tests.grader.conftest import IDS, Bench, outcomes, verdict
from tests.projects.handout import STARTER
from tests.projects.right import LOGIN, RIGHT
from tests.projects.wrong import WRONG, Wrong


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_passes(name: str, bench: Bench) -> None:
    result = bench.judge(RIGHT[name])
    assert outcomes(result) == dict.fromkeys(IDS, "passed")
    assert (result.outcome, result.fault, result.points, result.max_points) == (Outcome.PASSED, None, 9, 9)


def test_where_one_must_log_in_the_list_is_never_empty(bench: Bench) -> None:
    result = bench.judge(LOGIN)
    assert outcomes(result) == {**dict.fromkeys(IDS, "passed"), "L4": "skipped"}
    assert (result.outcome, result.points, result.max_points) == (Outcome.PASSED, 8, 9)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_fails_in_its_own_way_and_costs_nothing_else(name: str, bench: Bench) -> None:
    wrong = WRONG[name]
    result = bench.judge(wrong.variant)
    found = outcomes(result)
    for id in wrong.any_way:
        assert verdict(result, id).outcome is Outcome.FAILED
        found[id] = "failed"
    for id in wrong.maybe:
        found[id] = "passed"
    assert found == _expected(wrong)
    assert (result.outcome, result.fault) == (Outcome.FAILED, Fault.CODE)
    for id in wrong.fails:
        failed = verdict(result, id)
        assert failed.fault is Fault.CODE
        assert all((failed.seen, failed.means, failed.try_))
        assert failed.points == 0


def test_a_failure_tells_its_story_in_order(bench: Bench) -> None:
    result = bench.judge(STARTER, ids=("B3", "L2"))
    failed = verdict(result, "L2")
    judge = [event.text for event in failed.evidence if event.source is Source.JUDGE]
    assert judge == [
        "GET /api/users/ → 200, 3 rows",
        "changed a user's first_name in the database, behind the application",
        "GET /api/users/ → 200, 3 rows",
    ]
    times = [event.at_ms for event in failed.evidence]
    assert times == sorted(times)
    statements = [event for event in failed.evidence if event.source is Source.DATABASE]
    assert len(statements) == 2
    assert {event.text for event in statements} == {"SELECT users_user"}


def test_where_no_url_shows_the_users_the_search_is_the_story(bench: Bench) -> None:
    failed = verdict(bench.judge(WRONG["nobody is listed"].variant, ids=("B3", "L2")), "B3")
    judge = [event.text for event in failed.evidence if event.source is Source.JUDGE]
    assert judge[:2] == ["put 2 users into the database", "GET /api/users/ → 200, 0 rows"]


def test_a_hit_shows_what_redis_was_asked_in_between(bench: Bench) -> None:
    story = verdict(bench.judge(RIGHT["honest"], ids=("B3", "L2")), "L2").evidence
    assert [event.at_ms for event in story] == sorted(event.at_ms for event in story)
    told = [(event.source, event.text) for event in story]
    first, second = [n for n, (_, text) in enumerate(told) if text.startswith("GET /api/users/")][:2]
    assert [source for source, _ in told[first:second]] == [
        Source.JUDGE,
        Source.REDIS,  # a miss
        Source.DATABASE,
        Source.REDIS,  # stored
        Source.JUDGE,  # the change
    ]
    assert "miss" in told[first + 1][1]
    assert (told[second + 1][0], "hit" in told[second + 1][1]) == (Source.REDIS, True)


def test_a_server_error_names_the_line(bench: Bench) -> None:
    failed = verdict(bench.judge(WRONG["a forgotten import"].variant, ids=("B3",)), "B3")
    assert failed.where is not None
    assert failed.where.file == "users/views.py"
    assert "NameError" in failed.seen
    line = (bench.projects / "boda/users/views.py").read_text().splitlines()[failed.where.line - 1]
    assert "cache.get" in line


def _expected(wrong: Wrong) -> dict[str, str]:
    found: dict[str, str] = {}
    for id in IDS:
        if id in wrong.fails:
            found[id] = f"failed {wrong.fails[id]}".strip() if id not in wrong.any_way else "failed"
        else:
            needed = {found[need] for need in specs()[id].needs}
            found[id] = "passed" if needed <= {"passed"} else "blocked"
    return found
