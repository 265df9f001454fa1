"""Our solution of an activity, task by task."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.text import Text


def task(title: str, pieces: Iterable[tuple[str, str]], words: bool) -> RenderableType:
    """One task: its title, and each piece of code under the file it belongs in."""
    parts: list[RenderableType] = [Text(title, "bold")]
    for file, source in pieces:
        parts.append(Text(f"  {file}", "cyan"))
        code: RenderableType = Text(source.rstrip())
        if not words and file.endswith(".py"):
            code = Syntax(source.rstrip(), "python", theme="ansi_dark", background_color="default")
        parts.append(Padding(code, (0, 0, 1, 4)))
    return Group(*parts)
