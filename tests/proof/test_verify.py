"""Everything that `workshop author verify` proves: content, trees, mutants, variants, adversaries."""

from __future__ import annotations

import pytest

from workshop.author.report import to_json
from workshop.author.transcripts import differing
from workshop.author.verify import Wanted, verify
from workshop.course.load import activities

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("number", [activity.number for activity in activities()])
def test_nothing_falls_short(number: int) -> None:
    counts = to_json(verify(Wanted((number,), jobs=1), lambda proof: None, differing))
    assert counts["short"] == []
    assert counts["mutants"]["by_named_check"] == counts["mutants"]["total"]
