"""What is on the screen of a watch: one run at a time, drawn again when the terminal changes its size."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console, RenderableType
from rich.control import Control
from rich.segment import ControlType

from workshop.screens.look import Look


class Page:
    """A list of renderables. `live` is whether the screen may be cleared for each run."""

    def __init__(self, console: Callable[[], Console], look: Callable[[], Look], live: bool) -> None:
        """`console` and `look` are asked anew each time, since the width may change."""
        self._console = console
        self._look = look
        self._live = live
        self._parts: list[RenderableType] = []
        self._passing = False

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

    def passing(self, text: str) -> None:
        """A short line that the next one takes the place of. Only where there is a terminal."""
        if self._live:
            console = self._console()
            self._wipe(console)
            console.print(text, end="", style="dim", no_wrap=True, overflow="ellipsis")
            console.file.flush()
            self._passing = True

    def redraw(self) -> None:
        """The same page on a terminal of another size."""
        if self._live:
            self._console().clear()
            self._draw(tuple(self._parts))

    def _draw(self, parts: tuple[RenderableType, ...]) -> None:
        console = self._console()
        if parts:
            self._wipe(console)
        for part in parts:
            console.print(part)
        console.file.flush()

    def _wipe(self, console: Console) -> None:
        if self._passing:
            console.control(Control((ControlType.CARRIAGE_RETURN,), (ControlType.ERASE_IN_LINE, 2)))
            self._passing = False
