"""What is on the screen of a watch: one run at a time, drawn again when the terminal changes its size."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console, RenderableType

from workshop.screens.look import Look


class Page:
    """A list of renderables. `live` is whether the screen may be cleared for each run."""

    def __init__(self, console: Callable[[], Console], look: Callable[[], Look], live: bool) -> None:
        """`console` and `look` are asked anew each time, since the width may change."""
        self._console = console
        self._look = look
        self._live = live
        self._parts: list[RenderableType] = []

    @property
    def look(self) -> Look:
        """How screens may look now."""
        return self._look()

    @property
    def live(self) -> bool:
        """Whether there is a terminal to draw on."""
        return self._live

    def begin(self, *parts: RenderableType) -> None:
        """A new page."""
        self._parts.clear()
        if self._live:
            self._console().clear()
        self.add(*parts)

    def add(self, *parts: RenderableType) -> None:
        """More of this page."""
        self._parts += parts
        self._draw(parts)

    def redraw(self) -> None:
        """The same page on a terminal of another size."""
        if self._live:
            self._console().clear()
            self._draw(tuple(self._parts))

    def _draw(self, parts: tuple[RenderableType, ...]) -> None:
        console = self._console()
        for part in parts:
            console.print(part)
        console.file.flush()
