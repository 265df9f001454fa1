"""All activities at a glance. Plain text: it has to be there at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workshop.screens.look import Look


@dataclass(frozen=True, slots=True)
class Line:
    """One activity, in words ready to be shown."""

    number: int
    title: str
    state: str
    points: str
    attempts: int
    hints: int
    remark: str = ""


_STYLES = {"passed": "green", "started": "yellow"}


def progress(lines: Iterable[Line], look: Look) -> str:
    """A table; with `look.words` a sentence an activity, which a screen reader can follow."""
    lines = list(lines)
    if look.words:
        return "\n".join(_sentence(line) for line in lines)
    width = max(20, min(34, look.width - 46))
    shown = [
        look.paint(f"{'':3}{'Activity':{width}}  {'':11}  {'Points':>7}  {'Checks':>6}  {'Hints':>5}", "dim")
    ]
    for line in lines:
        title = line.title if len(line.title) <= width else line.title[: width - 1] + "…"
        state = f"{line.state:11}"
        if line.state in _STYLES:
            state = look.paint(state, _STYLES[line.state])
        shown.append(
            f"{line.number}  {title:{width}}  {state}  {line.points:>7}  {line.attempts:6}  {line.hints:5}"
        )
        if line.remark:
            shown.append(look.paint(f"   {line.remark}", "dim"))
    return "\n".join(shown)


def _sentence(line: Line) -> str:
    text = f"Activity {line.number}, {line.title}: {line.state}"
    if line.attempts:
        text += f", {line.points.replace('/', ' of ')} points, {line.attempts} checks, {line.hints} hints"
    return f"{text}, {line.remark}." if line.remark else f"{text}."
