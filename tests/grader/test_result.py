"""The JSON of a result has the keys of the contract, and points are counted as it says."""

from __future__ import annotations

import json

import pytest

from grader.result import (
    Blank,
    Event,
    Fault,
    Outcome,
    Result,
    Source,
    SourceLocation,
    Tier,
    Verdict,
    outcome_of,
)

KEYS = {
    "schema", "activity", "outcome", "fault", "points", "max_points", "holes", "checks", "jail", "versions",
    "duration_ms",
    "left_out",
}  # fmt: skip
CHECK_KEYS = {
    "id", "title", "tier", "outcome", "points", "max_points", "fault", "seen", "means", "try", "how", "needs",
    "where", "evidence", "cells",
}  # fmt: skip


def verdict(
    outcome: Outcome,
    fault: Fault | None = None,
    tier: Tier = Tier.CORE,
    points: int = 2,
) -> Verdict:
    earned = points if outcome is Outcome.PASSED else 0
    return Verdict("L2", "A hit", tier, outcome, earned, points, fault)


def test_the_json_has_the_keys_of_the_contract() -> None:
    failed = Verdict(
        "L2",
        "A hit",
        Tier.CORE,
        Outcome.FAILED,
        0,
        2,
        Fault.CODE,
        "seen",
        "means",
        "try it",
        "uncached",
        ("B3",),
        SourceLocation("users/views.py", 9),
        (Event(3.14159, Source.JUDGE, "GET /api/users/ → 200"),),
    )
    result = Result(
        "activity-4",
        Outcome.FAILED,
        Fault.CODE,
        (Blank("users/views.py", 12, "cache._____"),),
        (failed,),
        versions={"django": "5.2"},
        duration_ms=12.6,
    )
    found = json.loads(json.dumps(result.to_json()))
    assert set(found) == KEYS
    assert (found["schema"], found["activity"]) == ("workshop/result/v1", "activity-4")
    assert (found["outcome"], found["fault"], found["jail"]) == ("failed", "code", "none")
    assert (found["points"], found["max_points"], found["duration_ms"]) == (0, 2, 13)
    assert found["holes"] == [{"file": "users/views.py", "line": 12, "hole": "cache._____"}]
    (check,) = found["checks"]
    assert set(check) == CHECK_KEYS
    assert (check["tier"], check["outcome"], check["try"], check["how"]) == (
        "core",
        "failed",
        "try it",
        "uncached",
    )
    assert check["needs"] == ["B3"]
    assert check["where"] == {"file": "users/views.py", "line": 9}
    assert check["evidence"] == [{"at_ms": 3.14, "source": "judge", "text": "GET /api/users/ → 200"}]


def test_what_is_not_there_is_null() -> None:
    found = Result("activity-4", Outcome.PASSED, checks=(verdict(Outcome.PASSED),)).to_json()
    assert found["fault"] is None
    assert found["checks"][0]["fault"] is None
    assert found["checks"][0]["where"] is None


def test_the_maximum_is_one_number_whatever_was_skipped_or_blocked() -> None:
    checks = (
        verdict(Outcome.PASSED, points=1),
        verdict(Outcome.SKIPPED, points=10),
        verdict(Outcome.BLOCKED, Fault.CODE, points=100),
        verdict(Outcome.PASSED, tier=Tier.CHALLENGE, points=1000),
        verdict(Outcome.PASSED, tier=Tier.STRETCH, points=10_000),
        verdict(Outcome.FAILED, Fault.CODE, tier=Tier.ADVISORY, points=100_000),
    )
    result = Result("activity-4", Outcome.FAILED, checks=checks)
    assert (result.points, result.max_points) == (1001, 1111)


CODE, ENVIRONMENT, GRADER = Fault.CODE, Fault.ENVIRONMENT, Fault.GRADER
PASSED, FAILED, ERROR = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([verdict(PASSED)], (PASSED, None)),
        ([verdict(PASSED), verdict(Outcome.SKIPPED)], (PASSED, None)),
        ([verdict(PASSED), verdict(FAILED, CODE)], (FAILED, CODE)),
        ([verdict(FAILED, CODE), verdict(Outcome.BLOCKED, CODE)], (FAILED, CODE)),
        ([verdict(FAILED, CODE), verdict(ERROR, ENVIRONMENT)], (ERROR, ENVIRONMENT)),
        ([verdict(ERROR, ENVIRONMENT), verdict(ERROR, GRADER)], (ERROR, GRADER)),
        ([verdict(Outcome.BLOCKED, ENVIRONMENT)], (ERROR, ENVIRONMENT)),
        ([verdict(PASSED), verdict(FAILED, CODE, Tier.CHALLENGE)], (PASSED, None)),
        ([verdict(PASSED), verdict(ERROR, GRADER, Tier.STRETCH)], (PASSED, None)),
        ([verdict(PASSED), verdict(FAILED, CODE, Tier.ADVISORY)], (PASSED, None)),
    ],
)
def test_the_core_decides_and_the_gravest_fault_is_named(
    verdicts: list[Verdict], expected: tuple[Outcome, Fault | None]
) -> None:
    assert outcome_of(verdicts) == expected
