"""What documents tell of the course, made from it: the tables of docs/checks.md, the README's counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from grader.errors import UsageError
from workshop.author.corpus import corpus, corpus_root
from workshop.author.report import content_counts
from workshop.course.load import activities
from workshop.course.model import Activity, CourseCheck

_HEAD = "| id | activity | tier | judged | passes when |\n|---|---|---|---|---|\n"
_COUNT = re.compile(r"(?m)^\| (\w+) \| \d+ \|$")


def stale() -> dict[Path, str]:
    """The documents that do not tell what there is, with the text that they should have.

    Raises UsageError outside a checkout, or if docs/checks.md has no table for an activity.
    """
    root = corpus_root().parent
    found = {}
    for name, renew in (("docs/checks.md", with_tables), ("README.md", with_counts)):
        text = (root / name).read_text(encoding="utf-8")
        if (renewed := renew(text)) != text:
            found[root / name] = renewed
    return found


def with_tables(text: str) -> str:
    """`text` with a row for each check in the table below the heading of the first activity that has it.

    Raises UsageError if an activity has checks, and no heading or no table below it.
    """
    for activity in activities():
        rows = list(_rows(activity))
        before, heading, below = text.partition(f"\n## Activity {activity.number}:")
        section, next_heading, others = below.partition("\n## ")
        said, head, table = section.partition(_HEAD)
        if head:
            after = re.sub(r"\A(\|.*\n)*", "", table)
            text = "".join((before, heading, said, head, *rows, after, next_heading, others))
        elif rows:
            raise UsageError(
                f'docs/checks.md has no table below a heading "## Activity {activity.number}: ...".',
                "Add the heading, and the two lines that begin each table: the column names, and |---|.",
            )
    return text


def with_counts(text: str) -> str:
    """`text` with the right number in each row of two columns that counts something of ours."""
    counts: dict[str, int] = content_counts(activity.number for activity in activities())
    counts["blanks"] = counts.pop("holes")
    counts["mutants"] = len(corpus().mutants)
    counts["variants"] = len(corpus().variants)
    counts["adversaries"] = len(corpus().adversaries)
    return _COUNT.sub(lambda match: f"| {match[1]} | {counts[match[1]]} |", text)


def _rows(activity: Activity) -> Iterator[str]:
    earlier = {check.id for each in activities() if each.number < activity.number for check in each.checks}
    own = [check for check in activity.checks if check.id not in earlier]
    families = list(dict.fromkeys(_family(check) for check in own))
    for check in sorted(own, key=lambda check: (families.index(_family(check)), _number(check))):
        numbers, tier = _places(check)
        yield f"| {check.id} | {numbers} | {tier} | {check.judged} | {check.passes_when} |\n"


def _family(check: CourseCheck) -> str:
    return check.id.rstrip("0123456789")


def _number(check: CourseCheck) -> int:
    return int(check.id.removeprefix(_family(check)))


def _places(check: CourseCheck) -> tuple[str, str]:
    """In which activities a check is, and with which tier: "3, 9" and "challenge in 3, core in 9"."""
    tiers = {each.number: own.tier for each in activities() for own in each.checks if own.id == check.id}
    different = len(set(tiers.values())) > 1
    tier = ", ".join(f"{tier} in {number}" for number, tier in tiers.items()) if different else check.tier
    return ", ".join(map(str, tiers)), tier
