"""The README counts what there is."""

from __future__ import annotations

import re
from pathlib import Path

from workshop.author.corpus import corpus
from workshop.author.report import content_counts
from workshop.course.load import activities

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_counts_what_there_is() -> None:
    told = dict(re.findall(r"(?m)^\| (\w+) \| (\d+) \|$", README.read_text(encoding="utf-8")))
    counts: dict[str, int] = content_counts(activity.number for activity in activities())
    counts["blanks"] = counts.pop("holes")  # the key of the JSON
    counts["mutants"] = len(corpus().mutants)
    counts["variants"] = len(corpus().variants)
    counts["adversaries"] = len(corpus().adversaries)
    assert {name: int(number) for name, number in told.items()} == counts
