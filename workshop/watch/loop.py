"""The watch itself: one thing after the other happens, and each has its answer."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rich.text import Text

from grader.errors import MachineError, WorkshopError
from workshop.actions.hint import LEVELS, hint
from workshop.actions.next_step import after
from workshop.actions.project import opened
from workshop.course.load import by_name
from workshop.course.model import Activity
from workshop.screens import hint as hint_screen
from workshop.screens import result as result_screen
from workshop.screens import watch as screen
from workshop.watch import messages as told
from workshop.watch.changes import changes
from workshop.watch.judge_client import Runs
from workshop.watch.keys import END, INTERRUPT, keys
from workshop.watch.page import Page

QUIT = ("q", "Q", INTERRUPT, END)


@dataclass(frozen=True, slots=True)
class _Happened:
    """A message, and of which run; None for those that come from elsewhere."""

    message: told.Message | None
    run: int | None = None


class Watch:
    """Judges the project at `root` each time something in it is saved.

    `activity` is a name or None, for the one started last. `command` turns "hint activity-4" into what a
    person types here.
    """

    def __init__(
        self,
        root: Path,
        activity: str | None,
        python: Path | None,
        page: Page,
        command: Callable[[str], str],
    ) -> None:
        self._root = root
        self._name = activity
        self._python = python
        self._page = page
        self._command = command
        self._run = 0  # the number of the run whose messages count
        self._activity: Activity | None = None
        self._lines: result_screen.Lines | None = None
        self._over = False
        self._judged = 0

    async def watch(self, stdin: TextIO | None) -> None:
        """Until it is ended by a key or a signal. Without `stdin` there are no keys.

        Raises MachineError if the folder cannot be watched.
        """
        self._queue: asyncio.Queue[_Happened] = asyncio.Queue()
        self._runs = Runs(self._root, self._put_of_run)
        self._keys = stdin is not None
        following = asyncio.create_task(self._follow())
        following.add_done_callback(lambda _: self._put(None, run=-1))  # wakes the loop, which looks at it
        pressed: AbstractContextManager[None] = nullcontext()
        if stdin is not None:
            pressed = keys(stdin, lambda key: self._put(told.Pressed(key)))
        self._listen()
        try:
            with pressed:
                await asyncio.sleep(0)  # the folder is watched before the first run reads it
                await self._begin(())
                while not self._over:
                    await self._answer(await self._queue.get())
                    if following.done():
                        following.result()
        finally:
            following.cancel()
            await self._runs.close()

    def _put(self, message: told.Message | None, run: int | None = None) -> None:
        self._queue.put_nowait(_Happened(message, run))

    def _put_of_run(self, number: int, message: told.FromRun | None) -> None:
        self._put(message, number)

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(sign, self._put, told.Pressed(INTERRUPT))
        loop.add_signal_handler(signal.SIGWINCH, self._put, told.Resized())

    async def _follow(self) -> None:
        for polling in (None, True):
            try:
                async for change in changes(self._root, polling):
                    self._put(change)
            except (OSError, RuntimeError) as error:  # such as too many watched folders on this machine
                problem = error
        raise MachineError(f"The folder cannot be watched: {problem}.", "Use `workshop check` instead.")

    async def _answer(self, happened: _Happened) -> None:
        if happened.run is not None and happened.run != self._run:
            return  # of a run that was stopped
        match happened.message:
            case told.Saved(files):
                await self._begin(files)
            case told.Gone():
                self._run = 0
                await self._runs.close()
                self._page.begin(screen.heading((), self._keys, self._page.look))
                self._page.add(screen.refused("The project's folder is gone.", "It is waited for."))
            case told.Resized():
                self._page.redraw()
            case told.Pressed(key):
                await self._press(key)
            case told.Began(name):
                self._activity, self._judged = by_name(name), 0
                self._lines = result_screen.Lines(self._activity, self._page.look)
                self._page.add(screen.activity(self._activity))
            case told.Noted(text):
                self._page.add(screen.note(text))
            case told.Told(verdict) if self._lines:
                self._page.add(*self._lines.feed(verdict))
                self._judged += 1
                self._page.passing(screen.so_far(verdict.id, self._judged))
            case told.Ended() as ended:
                self._show(ended)
            case told.Refused(sentence, remedy):
                self._page.add(screen.refused(sentence, remedy))
            case None:
                self._page.add(screen.waiting(self._keys))

    async def _begin(self, files: tuple[str, ...]) -> None:
        """A run on what lies there now; one that is under way is stopped."""
        await self._runs.stop()
        self._page.begin(screen.heading(files, self._keys, self._page.look))
        self._run = self._runs.begin(self._name, self._python)

    def _show(self, ended: told.Ended) -> None:
        activity, result = self._activity, ended.result
        if activity is None or self._lines is None:
            return
        self._page.add(*self._lines.rest(result.checks))
        if result.blanks:
            self._page.add(result_screen.blanks(result, activity))
        self._page.add(*result_screen.explained(result, activity, self._page.look, self._command))
        self._page.add(result_screen.summary(result, activity, ended.go_on, self._command))

    async def _press(self, key: str) -> None:
        if key in QUIT:
            self._over = True
        elif key in ("r", "R"):
            await self._begin(())
        elif key in ("h", "H"):
            self._try(self._hint)
        elif key in ("n", "N") and self._try(self._next):
            await self._begin(())

    def _try(self, deed: Callable[[], bool]) -> bool:
        try:
            return deed()
        except WorkshopError as error:
            self._page.add(screen.refused(error.sentence, error.remedy))
            return False

    def _hint(self) -> bool:
        """Show the next hint on what the last run found."""
        with opened(self._root, self._python, notice=self._note) as project:
            found = hint(project, self._activity or project.activity(self._name))
        title = f"Activity {found.activity.number}"
        more = ""
        if found.check:
            title += f", {found.check}: hint {found.level} of {LEVELS}"
            more = "More: press h again." if not found.last else "That was the last one."
        text = hint_screen.hint(title, found.text, more, self._page.look)
        self._page.add(Text.from_ansi("\n" + text))
        return True

    def _next(self) -> bool:
        """Go to the next activity, if this one has passed and that one was started: whether it is so."""
        with opened(self._root, self._python, notice=self._note) as project:
            activity = self._activity or project.activity(self._name)
            verb, _, name = after(project, activity).words.partition(" ")
            if not project.done(activity):
                text = f"Activity {activity.number} has not passed yet. For a hint press h."
            elif verb == "check":
                self._name = name
                return True
            else:
                text = f"Type this in another terminal: {self._command(f'{verb} {name}'.strip())}"
                self._name = None  # what is started there is what is judged here
        self._note(text)
        return False

    def _note(self, text: str) -> None:
        self._page.add(screen.note(f"\n{text}"))
