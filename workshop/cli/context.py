"""Everything a command needs of the world around it, in one place, so that a test can replace it."""

from __future__ import annotations

import io
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from grader.errors import UsageError
from workshop.screens.look import Look

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rich.console import Console, RenderableType

    from workshop.actions.project import Project

WIDEST = 100
"""Lines longer than this many columns are hard to read, however wide the terminal is."""


@dataclass(frozen=True)
class Context:
    """Streams, folder, environment, how we were called, and the flags that are the same everywhere."""

    stdin: TextIO = field(default_factory=lambda: sys.stdin)
    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)
    cwd: Path = field(default_factory=Path.cwd)
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    script: Path = field(default_factory=lambda: Path(sys.argv[0]))
    project: Path | None = None
    python: Path | None = None
    plain: bool = False

    def __post_init__(self) -> None:
        # What an old terminal cannot show becomes a question mark, and never an error.
        for stream in (self.stdout, self.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")

    def with_flags(self, project: Path | None, plain: bool, python: Path | None = None) -> Context:
        """This context with the flags that were typed after the command."""
        return replace(
            self,
            project=project or self.project,
            plain=plain or self.plain,
            python=python or self.python,
        )

    @property
    def start(self) -> Path:
        """The folder where the search for the project begins."""
        return self.cwd / self.project if self.project else self.cwd

    @property
    def interactive(self) -> bool:
        """Whether there is somebody to ask."""
        return self.stdin.isatty() and self.stdout.isatty()

    @property
    def look(self) -> Look:
        """How screens may look here."""
        simple = self.plain or self.env.get("TERM") == "dumb"
        utf8 = (getattr(self.stdout, "encoding", "") or "").lower().replace("-", "") == "utf8"
        return Look(
            width=max(40, min(shutil.get_terminal_size((80, 24)).columns, WIDEST)),
            colour=self.stdout.isatty() and not simple and not self.env.get("NO_COLOR"),
            words=simple or not utf8,
        )

    @property
    def live(self) -> bool:
        """Whether a line may be drawn over while something runs."""
        return self.stdout.isatty() and not self.look.words

    def say(self, text: str = "") -> None:
        """Print plain text."""
        self.stdout.write(text + "\n")
        self.stdout.flush()

    def tell(self, text: str) -> None:
        """Print sentences, wrapped to the width."""
        self.say("\n".join(self.look.paragraph(line) for line in text.split("\n")))

    def complain(self, text: str) -> None:
        """Print to the error stream."""
        self.stderr.write(text + "\n")

    def console(self) -> Console:
        """A Rich console on the output."""
        from rich.console import Console

        look = self.look
        return Console(
            file=self.stdout,
            width=look.width,
            force_terminal=self.live,
            no_color=not look.colour,
            color_system="standard" if look.colour else None,
            highlight=False,
            emoji=False,
            markup=False,
            safe_box=True,
            legacy_windows=False,
        )

    def show(self, *things: RenderableType) -> None:
        """Print screens, one under the other. Text that must not be wrapped is left to the terminal."""
        console = self.console()
        for thing in things:
            console.print(thing, soft_wrap=bool(getattr(thing, "no_wrap", False)))

    def opened(
        self, alone: str = "", patience: float = 0.0, *, of_strangers: bool = False
    ) -> AbstractContextManager[Project]:
        """The project these flags mean, open. See workshop.actions.project.opened."""
        from workshop.actions.project import opened

        return opened(
            self.start,
            self.python,
            notice=self.complain,
            alone=alone,
            patience=patience,
            standing_in=self.cwd if self.project else None,
            of_strangers=of_strangers,
        )

    def command_for(self, root: Path) -> Callable[[str], str]:
        """A function from "check activity-4" to exactly what to type here for the project at `root`."""
        inside = root == self.cwd or root in self.cwd.parents
        suffix = "" if inside else f" --project {shlex.quote(self.short(root))}"
        return lambda words: f"{self.program} {words}{suffix}"

    @property
    def program(self) -> str:
        """How to call the workshop from here: its bare name, if the shell finds this very one by it."""
        script = self.script
        if script.name == "__main__.py":
            return f"{shlex.quote(self.short(Path(sys.executable)))} -m workshop"
        found = shutil.which("workshop", path=self.env.get("PATH"))
        if script.name != "workshop" or (found and Path(found).resolve() == script.resolve()):
            return "workshop"
        return shlex.quote(self.short(script.absolute()))

    def short(self, path: Path) -> str:
        """A path as a person would type it here. A program in this very folder needs its ./"""
        relative = os.path.relpath(path, self.cwd)
        short = relative if Path(relative).parts[:2] != ("..", "..") else str(path)
        return f"./{short}" if path.is_file() and os.sep not in short else short

    def confirm(self, question: str, yes: bool) -> bool:
        """Ask, unless `yes` was typed. Raises UsageError if there is nobody to ask."""
        if yes:
            return True
        if not self.interactive:
            raise UsageError(
                "Nothing was changed: there is no terminal to ask in.",
                "Run it again with --yes if the change above is what you want.",
            )
        self.stdout.write(f"{question} [y/N] ")
        self.stdout.flush()
        return self.stdin.readline().strip().lower() in ("y", "yes")


def context_with(
    ctx: typer.Context, project: Path | None, plain: bool = False, python: Path | None = None
) -> Context:
    """The context of a command, with the flags typed after it. Errors are told by it from now on."""
    ctx.obj = (ctx.obj or Context()).with_flags(project, plain, python)
    context: Context = ctx.obj
    return context
