"""A check stands after what it needs, wherever it was planned."""

from __future__ import annotations

from grader.checks import specs
from grader.plan import in_order
from tests.plans import plan


def order(*ids: str) -> list[str]:
    return [planned.id for planned in in_order(plan(*ids).checks)]


def test_every_check_needs_only_checks_that_exist() -> None:
    assert {need for spec in specs().values() for need in spec.needs} <= set(specs())


def test_a_check_stands_after_what_it_needs_and_else_where_it_was() -> None:
    assert order("L4", "L2", "B2", "B3") == ["B3", "L2", "L4", "B2"]
    found = order(*reversed(list(specs())))
    assert sorted(found) == sorted(specs())
    assert all(found.index(need) < found.index(id) for id in found for need in specs()[id].needs)


def test_what_was_not_asked_for_is_left_out() -> None:
    assert order("L2") == ["L2"]
