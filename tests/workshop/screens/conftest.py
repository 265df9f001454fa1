"""Draw a screen the way a command does."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import RenderableType

from workshop.cli.context import Context

Draw = Callable[..., str]


@pytest.fixture
def draw(monkeypatch: pytest.MonkeyPatch) -> Draw:
    """`draw(thing, ..., width=80)`: what a pipe would get, line by line, without the blanks at line ends."""

    def drawn(*things: RenderableType, width: int = 80) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        out = io.StringIO()
        Context(stdout=out, env={}).show(*things)
        return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))

    return drawn
