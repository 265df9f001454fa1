"""Reads exercises/activity-N/checks.toml: what is said of each check, and what it counts for.

A check that several activities have gets its words from the first; the others say only what is different
there: the tier and the hints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.plan import COMMON_FAILURE_MODES, CheckWords, FailureMode
from grader.result import Tier
from workshop.course.model import CourseCheck, HintLevels, Judged
from workshop.course.table import Table, read

FILE = "checks.toml"


def load_checks(folder: Path, questions: bool, earlier: Sequence[CourseCheck]) -> Iterator[CourseCheck]:
    """The checks of the activity in `folder`, in the order of the file. `earlier` are those before it.

    With `questions` the checks are questions, which have no words but hints. Raises GraderError naming file
    and key.
    """
    table = read(folder / FILE)
    shared = {name: _shared(each) for name, each in table.named_tables("shared").items()}
    known = {check.id: check for check in earlier}
    for id, section in table.sections().items():
        if id in known:
            yield _restated(known[id], section)
        elif questions:
            yield _question(id, section)
        else:
            yield _check(id, section, shared)
        section.finish()


@dataclass(frozen=True, slots=True)
class _Shared:
    """What checks that name it say in the same words, unless they have their own."""

    means: str = ""
    try_: str = ""
    modes: Mapping[str, FailureMode] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Modes:
    """The failure modes of one check: their words, and the hints and stories of those that have their own."""

    words: Mapping[str, FailureMode]
    hints: Mapping[str, HintLevels]
    stories: Mapping[str, str]


def _shared(table: Table) -> _Shared:
    modes = {}
    for name, mode in table.named_tables("modes").items():
        modes[name] = FailureMode(mode.text("means"), mode.text("try"))
        mode.finish()
    found = _Shared(table.text("means", ""), table.text("try", ""), modes)
    table.finish()
    return found


def _check(id: str, table: Table, groups: Mapping[str, _Shared]) -> CourseCheck:
    group = table.text("shares", "")
    if group and group not in groups:
        raise table.mistake("shares", f"names {group!r}, and the file has no [shared.{group}]")
    shared = groups.get(group, _Shared())
    modes = _modes(table, shared.modes)
    title = table.text("title")
    means, try_ = table.text("means", shared.means or None), table.text("try", shared.try_ or None)
    return CourseCheck(
        id=id,
        tier=_tier(table),
        hints=table.three("hints"),
        passes_when=table.text("passes_when"),
        judged=_judged(table),
        words=CheckWords(title, means, try_, modes.words),
        mode_hints=modes.hints,
        stories=_stories(table, modes),
        letter=_letter(table),
    )


def _question(id: str, table: Table) -> CourseCheck:
    return CourseCheck(
        id=id,
        tier=_tier(table),
        hints=table.three("hints"),
        passes_when=table.text("passes_when"),
        judged=_judged(table),
    )


def _restated(check: CourseCheck, table: Table) -> CourseCheck:
    words = check.words.failure_modes if check.words else {}
    modes = _modes(table, words)
    if modes.words != words:
        raise table.mistake("modes", "must have no words: those stand in the first activity with the check")
    hints = table.three("hints")
    return replace(check, tier=_tier(table), hints=hints, mode_hints=modes.hints, letter=_letter(table))


def _modes(table: Table, known: Mapping[str, FailureMode]) -> _Modes:
    """The failure modes in `table`. Those `known`, and those that any check has, need no words here."""
    words, hints, stories = dict(known), {}, {}
    for name, mode in table.named_tables("modes").items():
        if mode.has("means") or (name not in known and name not in COMMON_FAILURE_MODES):
            words[name] = FailureMode(mode.text("means"), mode.text("try"))
        if mode.has("hints"):
            hints[name] = mode.three("hints")
        if story := mode.text("story", ""):
            stories[name] = story
        mode.finish()
    return _Modes(words, hints, stories)


def _stories(table: Table, modes: _Modes) -> Mapping[str, str]:
    own = table.text("story", "")
    return {**modes.stories, **({"": own} if own else {})}


def _letter(table: Table) -> str | None:
    return table.text("letter", "") if table.has("letter") else None


def _tier(table: Table) -> Tier:
    tier = table.text("tier")
    if tier not in list(Tier):
        raise table.mistake("tier", f"must be one of {', '.join(Tier)}, not {tier!r}")
    return Tier(tier)


def _judged(table: Table) -> Judged:
    judged = table.text("judged", Judged.ALWAYS)
    if judged not in list(Judged):
        raise table.mistake("judged", f"must be one of {', '.join(Judged)}, not {judged!r}")
    return Judged(judged)
