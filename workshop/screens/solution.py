"""Our solution of an activity, task by task."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from rich.syntax import Syntax
from rich.text import Text


def task(title: str, pieces: Iterable[tuple[str, str]], words: bool) -> Iterator[Text]:
    """One task: its title, and each piece of code under the file it belongs in."""
    yield Text(title, "bold")
    for file, source in pieces:
        yield Text(f"  {file}", "cyan")
        indented = textwrap.indent(source.strip("\n"), "    ")
        code = Text(indented)
        if not words and file.endswith(".py"):
            code = Syntax("", "python", theme="ansi_dark").highlight(indented)
        code.no_wrap = True
        yield code
        yield Text()
