"""A learner's project, opened: found, its state read, what was cut off put right."""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.submission import Submission, find, settings_file
from workshop.course.learner_options import learner_options
from workshop.course.load import activities, by_name
from workshop.course.model import Activity
from workshop.state.own_projects import is_own
from workshop.state.progress import Progress

if TYPE_CHECKING:
    from workshop.scaffold.changes import FileChange
    from workshop.scaffold.journal import Journal

Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Project:
    """An open project. `state` is the open state file: the command has one, and closes it at its end."""

    submission: Submission
    state: sqlite3.Connection
    course: tuple[Activity, ...]

    @property
    def progress(self) -> Progress:
        """What the learner has done so far."""
        return Progress(self.state)

    @property
    def journal(self) -> Journal:
        """The changes that the workshop made to the learner's files."""
        from workshop.scaffold.journal import Journal  # only what changes files needs it

        return Journal(self.root, self.state)

    @property
    def root(self) -> Path:
        """The folder of manage.py."""
        return self.submission.root

    @property
    def roles(self) -> dict[str, str]:
        """The files that edits name by their role: `{settings}`. Raises as `learner_options` does."""
        return self.roles_in(self.root)

    def roles_in(self, root: Path) -> dict[str, str]:
        """The same in a copy of the project that lies in `root`."""
        file = settings_file(root, self.submission.settings_module)
        # Only who edits files asks; a hint need not wait for what this brings along.
        from workshop.scaffold.roles import roles

        return roles(replace(self.submission, root=root, settings_file=file), learner_options(root))

    @property
    def current(self) -> Activity | None:
        """The activity that was started or checked last."""
        busy_with = self.progress.busy_with()
        return by_name(busy_with) if busy_with else None

    @property
    def next(self) -> Activity | None:
        """The first activity that is still to do, counted from the current one."""
        here = self.current.number if self.current else 0
        to_do = [each for each in self.course if not self.done(each)]
        return min(to_do, key=lambda each: (each.number < here, each.number), default=None)

    def done(self, activity: Activity) -> bool:
        """Whether the core of `activity` has passed, in a check of its own or in that of a later one.

        No later check asks questions again, so those of theory have to be answered.
        """
        if activity.theory:
            return self.progress.passed(activity.id)
        return any(self.progress.passed(each.id) for each in self.course if each.number >= activity.number)

    def activity(self, name: str | None) -> Activity:
        """The activity that `name` means; None means the current one, "next" the first not passed.

        Raises UsageError if there is none.
        """
        if name == "next":
            if self.next is None:
                raise UsageError("You have passed every activity there is.", "See: workshop progress")
            return self.next
        if name is not None:
            return by_name(name)
        if self.current is None:
            raise UsageError(
                "You have not started an activity here yet.",
                f"Begin with `workshop start {self.course[0].id}`, or name the activity that you mean.",
            )
        return self.current

    def change(self, changes: Sequence[FileChange], why: str) -> int | None:
        """Write `changes` as one journalled change called `why`; its number, or None if there are none.

        Raises what the journal raises: nothing is written if a file changed since the plan was made.
        """
        return self.journal.apply(changes, why).id if changes else None


@contextmanager
def opened(
    start: Path,
    python: Path | None = None,
    *,
    notice: Notice,
    alone: str = "",
    patience: float = 0.0,
    stopped: Callable[[], bool] = lambda: False,
    standing_in: Path | None = None,
    of_strangers: bool = False,
) -> Iterator[Project]:
    """Open the project at `start`. `notice` is told in a sentence what was put right on the way.

    With `alone` (what this command is called) no other such command may work in the project meanwhile:
    commands that write to the project or run it are alone, those that only tell something are not.
    Another one is waited for, for up to `patience` seconds, or until `stopped` is true.

    `standing_in` is where one stands, if the project was named instead: then it is one's own if one stands in
    it, or if `init` was done for it. The project of a stranger is opened only with `of_strangers`, and its
    .workshop never: its state is empty, and nothing of it is kept.

    Raises UsageError if there is no project, it is a stranger's, or another command runs in it; MachineError
    if its folder cannot be written to.
    """
    from workshop.state.database import open_empty_state, open_state
    from workshop.state.lock import run_lock

    submission = find(start, python)
    root = submission.root
    if not is_own(root, standing_in):
        if not of_strangers:
            raise UsageError(
                f"The project in {root} is not known as yours, so its notes are not opened.",
                f"If it is yours, go there, or type `workshop init {shlex.quote(str(root))}` first.",
            )
        with closing(open_empty_state()) as state:
            yield Project(submission, state, activities())
        return
    with (
        run_lock(root, alone, patience, notice, stopped) if alone else nullcontext(),
        closing(open_state(root, notice)) as state,
    ):
        project = Project(replace(submission, own=True), state, activities())
        if alone:
            _put_right(project, notice)
        else:
            _put_right_if_idle(project, notice)
        yield project


def _put_right_if_idle(project: Project, notice: Notice) -> None:
    """Put right a change that was cut off, unless the run that makes it is still at work."""
    from workshop.state.journal import cut_off
    from workshop.state.lock import run_lock

    if cut_off(project.state):
        with suppress(UsageError), run_lock(project.root, "putting right what was cut off", 0.0, notice):
            _put_right(project, notice)


def _put_right(project: Project, notice: Notice) -> None:
    """Finish or take back a change that was cut off, and tell what an editor has overwritten."""
    from workshop.state.journal import Status

    if entry := project.journal.recover():
        how = "finished" if entry.status is Status.DONE else "taken back"
        notice(f"A change that was cut off (`{entry.why}`) has been {how}.")
        for file in entry.kept:
            notice(f"{file} was edited meanwhile and left as it is; .workshop/versions has the others.")
    for path in project.journal.overwritten():
        notice(f"{path} is as it was before the last change: did an editor save an old copy over it?")
