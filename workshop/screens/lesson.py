"""The lesson of an activity, drawn for the terminal."""

from __future__ import annotations

from rich.console import RenderableType
from rich.markdown import Markdown
from rich.text import Text

from workshop.course.model import Activity

HEAD = 14
"""Lines of Markdown that are shown when an activity begins."""


def lesson(activity: Activity, words: bool) -> RenderableType:
    """The whole lesson. With `words` the Markdown as it is written, without any drawing."""
    text = activity.lesson.read_text(encoding="utf-8")
    return Text(text) if words else Markdown(text, hyperlinks=False)


def head(activity: Activity, words: bool) -> RenderableType:
    """The beginning of the lesson: whole paragraphs, up to about HEAD lines, without its title."""
    taken: list[str] = []
    for block in activity.lesson.read_text(encoding="utf-8").strip().split("\n\n"):
        if block.startswith("```") or sum(each.count("\n") + 2 for each in taken) > HEAD:
            break
        if not block.startswith("# "):
            taken.append(block)
    while taken and (taken[-1].startswith("#") or taken[-1].endswith(":")):
        taken.pop()  # a heading, or an announcement, of something that is not shown
    text = "\n\n".join(taken)
    return Text(text) if words else Markdown(text, hyperlinks=False)
