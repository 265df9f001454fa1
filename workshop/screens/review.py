"""The review on the screen: the checklist, the hunks of the pull request, and what came of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workshop.review.grade import CALIBRATION, EVIDENCE, PULL_REQUEST, Grade, Judged, NamedHunks, Tick
from workshop.review.model import Hunk, HunkKind, Line
from workshop.screens.clean import clean_line
from workshop.screens.look import Look

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}
_OUTCOMES = {
    (HunkKind.FAULT, True): ("found", "green"),
    (HunkKind.FAULT, False): ("missed", "red"),
    (HunkKind.DECOY, True): ("a decoy: it is right", "yellow"),
    (HunkKind.PLAIN, True): ("it is right", "yellow"),
}


def line(found: Line, at: int, of: int, look: Look) -> str:
    """A line of the checklist, to be ticked."""
    return f"\n{look.paint(f'{found.id}  ({at} of {of})', 'bold')}\n{look.paragraph(found.title, 2)}"


def hunk(found: Hunk, of: int, look: Look) -> str:
    """A hunk of the pull request, to be read."""
    head = look.paint(f"Hunk {found.number} of {of}   {found.change.place}", "bold")
    rows = [look.paint(row, _COLOURS[row[0]]) if row[:1] in _COLOURS else row for row in found.diff]
    return "\n".join(["", head, "", *(f"  {row}" for row in rows), ""])


def ticks(judged: Sequence[Judged], said: Mapping[str, Tick], look: Look) -> str:
    """The learner's ticks beside the workshop's, and why where they differ."""
    rows = [look.paint(f"\n{'':4}{'yours':7}{'ours':6}", "dim")]
    for each in judged:
        yours = said[each.line.id].yes
        agree = yours is each.tick
        row = f"{each.line.id:4}{_tick(yours, look):7}{_tick(each.tick, look):6}{each.line.title}"
        rows.append(row if agree else look.paint(row, "yellow"))
    for each in judged:
        if said[each.line.id].yes is not each.tick:
            rows.append(look.paragraph(_difference(each, said[each.line.id]), hang=4))
    return "\n".join(rows)


def _tick(yes: bool, look: Look) -> str:
    return ("yes" if yes else "no") if look.words else ("✓" if yes else "✗")


def _difference(judged: Judged, tick: Tick) -> str:
    if tick.yes and judged.failed:
        why = f"{', '.join(judged.failed)} did not pass"
    elif tick.yes:
        why = f"{', '.join(judged.not_judged)}: never judged here, so check those activities too"
    else:
        why = f"{', '.join(judged.passed)} passed"
    return f"{judged.line.id}: you said {'yes' if tick.yes else 'no'} ({clean_line(tick.reason)}); {why}."


def pull_request(found: NamedHunks, look: Look) -> str:
    """What the hunks were. Of the plain changes only those that were named."""
    count = sum(each.change.kind is HunkKind.FAULT for each in found.hunks)
    rows = [
        look.paint(
            f"\nThe pull request: {found.right} of {count} faults, {len(found.named)} hunks named", "bold"
        )
    ]
    for each in found.hunks:
        told = _OUTCOMES.get((each.change.kind, each.number in found.named))
        if told is None and each.change.kind is HunkKind.DECOY:
            told = ("a decoy, left alone", "green")
        if told:
            rows.append(f"{each.number:3}  {look.paint(told[0], told[1])}: {each.change.place}")
            rows.append(look.paragraph(each.change.why, 5))
    return "\n".join(rows)


def grade(found: Grade, look: Look) -> str:
    """The sum of it."""
    parts = (
        ("what the checks saw", EVIDENCE, found.evidence),
        ("how well you know it", CALIBRATION, found.calibration),
        ("the pull request", PULL_REQUEST, found.pull_request),
    )
    rows = [f"{name:22}{_percent(value):>6}   counts for {weight:.0%}" for name, weight, value in parts]
    return "\n".join(["", *rows, look.paint(f"{'in all':22}{_percent(found.score):>6}", "bold")])


def _percent(value: float | None) -> str:
    return "open" if value is None else f"{value:.0%}"
