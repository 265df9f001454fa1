"""activity.toml and docs/checks.md say the same of every check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from grader.checks import specs
from grader.result import Tier
from workshop.course.load import activities, content_root
from workshop.course.model import Activity

POINTS = {Tier.CORE: 2, Tier.CHALLENGE: 1, Tier.STRETCH: 1, Tier.ADVISORY: 0}


@dataclass(frozen=True, slots=True)
class Row:
    """One id in one activity, as the table has it."""

    id: str
    activity: str
    tier: Tier


def rows() -> Iterator[Row]:
    text = (content_root() / "docs" / "checks.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not (match := re.match(r"\| ([A-Z]+\d+) \| ([^|]+) \| ([^|]+) \|", line)):
            continue
        id, numbers, tiers = match.groups()
        # "core", or "challenge in 3, core in 9"
        in_one: dict[str, str] = {number: tier for tier, number in re.findall(r"(\w+) in (\d+)", tiers)}
        for number in numbers.split(", "):
            yield Row(id, number, Tier(in_one.get(number, tiers)))


TABLE = list(rows())


def test_no_check_is_there_twice() -> None:
    places = [(row.id, row.activity) for row in TABLE]
    assert sorted(set(places)) == sorted(places)


@pytest.mark.parametrize("activity", activities(), ids=lambda activity: activity.id)
def test_an_activity_lists_its_checks_with_their_tiers(activity: Activity) -> None:
    listed = {(check.id, check.tier) for check in activity.checks}
    assert listed == {(row.id, row.tier) for row in TABLE if row.activity == str(activity.number)}


@pytest.mark.parametrize("activity", activities(), ids=lambda activity: activity.id)
def test_points_follow_the_tier(activity: Activity) -> None:
    assert {check.id: check.points for check in activity.checks} == {
        check.id: POINTS[check.tier] for check in activity.checks
    }


def test_every_check_of_the_grader_is_in_the_table() -> None:
    assert set(specs()) <= {row.id for row in TABLE}
