"""The documents tell what there is: `workshop author docs` has nothing to write."""

from __future__ import annotations

import pytest

from grader.errors import UsageError
from workshop.author.docs import stale, with_counts, with_tables
from workshop.course.load import EDIT_KINDS, activities, content_root

DOCS = content_root() / "docs"
CHECKS = DOCS / "checks.md"


def test_the_documents_tell_what_there_is() -> None:
    assert [file.name for file in stale()] == [], "type: workshop author docs"


@pytest.mark.parametrize("kind", EDIT_KINDS)
def test_each_kind_of_edit_is_documented(kind: str) -> None:
    assert f"| `{kind}` |" in (DOCS / "scaffold.md").read_text(encoding="utf-8")


def test_a_row_that_is_lost_or_wrong_comes_back() -> None:
    text = CHECKS.read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith("| L2 |")]
    assert with_tables(text.replace(f"{row}\n", "")) == text
    assert with_tables(text.replace(row, row.replace("core", "stretch"))) == text


@pytest.mark.parametrize("lost", ["## Activity 4:", "| id | activity | tier |"])
def test_an_activity_without_a_heading_or_a_table_is_an_error(lost: str) -> None:
    text = CHECKS.read_text(encoding="utf-8")
    at = text.index(lost, text.index("## Activity 4:"))
    with pytest.raises(UsageError, match=r"no table .* Activity 4:") as error:
        with_tables(text[:at] + text[at + len(lost) :])
    assert "the two lines that begin each table" in error.value.remedy


def test_what_is_written_by_hand_stays() -> None:
    text = CHECKS.read_text(encoding="utf-8")
    assert "| Z1 | drill |" in text
    other = text.replace("## Tiers", "## Other words")
    assert with_tables(other) == other


def test_a_count_that_is_wrong_is_put_right() -> None:
    head = "| what | how many |\n"
    assert with_counts(f"{head}| activities | 1 |\n") == f"{head}| activities | {len(activities())} |\n"


def test_the_readme_shows_a_failure_as_a_learner_sees_it() -> None:
    transcripts = (content_root() / "corpus/activity-4/transcripts.txt").read_text(encoding="utf-8")
    (m19,) = [part for part in transcripts.split("\n## ") if part.startswith("m19: ")]
    failure = m19[m19.index("L2  ") : m19.index("What happened")]
    assert " ".join(failure.split()) in " ".join(
        (content_root() / "README.md").read_text(encoding="utf-8").split()
    )
