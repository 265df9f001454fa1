"""What is shown when an activity has been started: what to do, where, and what to type next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from grader.result import Blank
from workshop.course.model import Activity
from workshop.screens.clean import clean_line


def started(
    activity: Activity, blanks: Sequence[Blank], by_hand: bool, command: Callable[[str], str]
) -> RenderableType:
    """The tasks, the blanks, and the next command."""
    parts: list[RenderableType] = [Text()]
    for number, task in enumerate(activity.tasks, 1):
        parts.append(Text(f"Task {number}: {task.title}", "bold"))
        parts.append(Padding(Text(_flow(task.text)), (0, 0, 0, 2), expand=False))
    parts.append(Text())
    if blanks:
        parts.append(Text(f"Blanks to fill in ({len(blanks)}):", "bold"))
        width = max(len(_place(blank)) for blank in blanks)
        for blank in blanks:
            line = Text(f"  {_place(blank):{width}}  ", "cyan", no_wrap=True, overflow="ellipsis")
            parts.append(line.append(clean_line(blank.source, 100), "default"))
        also = " and do what is left to your hand above" if by_hand else ""
        parts.append(Text(f"\nFill them in your editor{also}, then type:"))
    elif by_hand:
        parts.append(Text("Do what is left to your hand above, then type:"))
    elif activity.theory:
        parts.append(Text("There is nothing to fill in: it is about questions. Type:"))
        parts.append(Text(f"  {command(f'quiz {activity.id}')}", "bold green"))
        parts.append(Text(f"The whole lesson: {command(f'lesson {activity.id}')}", "dim"))
        return Group(*parts)
    else:
        parts.append(Text("No blank is open. To see what your code does, type:"))
    parts.append(Text(f"  {command(f'check {activity.id}')}", "bold green"))
    parts.append(Text(f"The whole lesson: {command(f'lesson {activity.id}')}", "dim"))
    return Group(*parts)


def _place(blank: Blank) -> str:
    return f"{clean_line(blank.file)}:{blank.line}"


def _flow(text: str) -> str:
    """Text as the author wrapped it, ready to be wrapped anew. Blank lines part paragraphs."""
    return "\n\n".join(" ".join(block.split()) for block in text.strip().split("\n\n"))
