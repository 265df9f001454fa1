"""The documents tell what there is: `workshop author docs` has nothing to write."""

from __future__ import annotations

from workshop.author.docs import stale, with_counts, with_tables
from workshop.course.load import content_root

CHECKS = content_root() / "docs" / "checks.md"


def test_the_documents_tell_what_there_is() -> None:
    assert [file.name for file in stale()] == [], "type: workshop author docs"


def test_a_row_that_is_lost_or_wrong_comes_back() -> None:
    text = CHECKS.read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith("| L2 |")]
    assert with_tables(text.replace(f"{row}\n", "")) == text
    assert with_tables(text.replace(row, row.replace("core", "stretch"))) == text


def test_what_is_written_by_hand_stays() -> None:
    text = CHECKS.read_text(encoding="utf-8")
    assert "| Z1 | drill |" in text
    other = text.replace("## Tiers", "## Other words")
    assert with_tables(other) == other


def test_a_count_that_is_wrong_is_put_right() -> None:
    head = "| what | how many |\n"
    assert with_counts(f"{head}| activities | 1 |\n") == f"{head}| activities | 9 |\n"
