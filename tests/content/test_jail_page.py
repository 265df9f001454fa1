"""Each promise of docs/jail.md names tests, and each of these is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "jail.md"


def promises() -> list[str]:
    """The rows of the tables of promises, without their heads."""
    part = PAGE.read_text(encoding="utf-8").partition("## What is promised")[2].partition("\n## ")[0]
    return [line for line in part.splitlines() if line.startswith("| ") and "| tests |" not in line]


def test_each_promise_names_a_test_that_is_there() -> None:
    assert len(promises()) > 20
    for promise in promises():
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", promise)
        assert named, promise
        for file, test in named:
            assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), f"{file}::{test}"
