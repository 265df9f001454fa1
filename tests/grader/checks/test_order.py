"""The checks that exist: each says what a learner needs, and stands after what it needs."""

from __future__ import annotations

import pytest

from grader.checks import in_order, specs


def test_every_check_needs_only_checks_that_exist() -> None:
    assert {need for spec in specs().values() for need in spec.needs} <= set(specs())


@pytest.mark.parametrize("id", specs())
def test_every_check_says_what_it_means_and_what_to_try(id: str) -> None:
    spec = specs()[id]
    assert all(text.strip() for text in (spec.title, spec.means, spec.try_))
    assert all(way.means.strip() and way.try_.strip() for way in spec.ways.values())


def test_a_check_stands_after_what_it_needs_and_else_where_it_was() -> None:
    assert in_order(["L4", "L2", "B2", "B3"]) == ["B3", "L2", "L4", "B2"]
    assert in_order(reversed(list(specs()))) != list(specs())
    order = in_order(reversed(list(specs())))
    assert all(order.index(need) < order.index(id) for id in order for need in specs()[id].needs)


def test_what_does_not_exist_or_was_not_asked_for_is_left_out() -> None:
    assert in_order(["L2", "X9"]) == ["L2"]
