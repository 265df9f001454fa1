"""The freshness matrix as a picture, or in words. Plain text, so that `progress` can show it at once."""

from __future__ import annotations

from grader.result import CachedView, Write
from workshop.course.matrix import ANSWERS, WRITES, Freshness, Matrix
from workshop.screens.look import Look

_GROUPS = {
    "API": {Write.POST: "POST", Write.PUT: "PUT", Write.PATCH: "PATCH", Write.DELETE: "DEL"},
    "admin": {Write.ADMIN_ADD: "add", Write.ADMIN_CHANGE: "change", Write.ADMIN_DELETE: "del"},
    "shell": {Write.SAVE: "save", Write.REMOVE: "del"},
    "its user": {Write.USER_EDIT: "edit", Write.CASCADE: "gone"},
}
_SIGNS = {
    Freshness.FRESH: ("●", "green"),
    Freshness.STALE: ("✗", "red"),
    Freshness.NOT_CACHED: ("○", "yellow"),
    Freshness.NOT_APPLICABLE: ("·", "dim"),
    Freshness.NOT_JUDGED: ("?", "dim"),
}
_LABEL = 17
_MOST_TOLD = 3


def matrix(found: Matrix, look: Look) -> str:
    """The picture, at most a dozen lines; with `look.words` a sentence for each answer."""
    judged = found.count(Freshness.FRESH) + found.count(Freshness.STALE)
    title = look.paint(f"Freshness: {found.count(Freshness.FRESH)} of {judged} cells", "bold")
    body = [_sentence(found, answer) for answer in ANSWERS] if look.words else _picture(found, look)
    return "\n".join(["", title, *body, *(look.paragraph(line) for line in _stale(found))])


def _picture(found: Matrix, look: Look) -> list[str]:
    heads = ["", ""]
    for name, writes in _GROUPS.items():
        words = " ".join(writes.values())
        heads[0] += f"   {name:{len(words)}}"
        heads[1] += f"   {words}"
    lines = [look.paint(f"{'':{_LABEL}}{head}".rstrip(), "dim") for head in heads]
    for answer in ANSWERS:
        row = f"{answer:{_LABEL}}"
        for writes in _GROUPS.values():
            cells = [_cell(found, answer, write, word, look) for write, word in writes.items()]
            row += "   " + " ".join(cells)
        lines.append(row.rstrip())
    shown = [state for state in Freshness if found.count(state)]
    lines.append("  ".join(f"{look.paint(*_SIGNS[state])} {state.value}" for state in shown))
    return lines


def _cell(found: Matrix, answer: CachedView, write: Write, word: str, look: Look) -> str:
    sign, colour = _SIGNS[found.states[answer, write]]
    left = (len(word) - 1) // 2
    return " " * left + look.paint(sign, colour) + " " * (len(word) - 1 - left)


def _sentence(found: Matrix, answer: CachedView) -> str:
    parts = []
    for state in Freshness:
        writes = ", ".join(write.value for write in WRITES if found.states[answer, write] is state)
        if writes and state is Freshness.NOT_CACHED:
            parts.append("not cached")
        elif writes and state is not Freshness.NOT_APPLICABLE:
            parts.append(f"{state.value} after {writes}")
    return f"{answer}: {'; '.join(parts)}."


def _stale(found: Matrix) -> list[str]:
    told = [f"Stale: the {answer} after {write.value} ({check})." for answer, write, check in found.stale()]
    more = len(told) - _MOST_TOLD
    return told if more <= 0 else [*told[:_MOST_TOLD], f"And {more} more."]
