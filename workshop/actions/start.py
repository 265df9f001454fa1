"""Bring the template of an activity into the project: first as a plan to look at, then for real."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.result import Blank
from workshop.actions.blanks import in_the_way
from workshop.actions.catch_up import caught_up
from workshop.actions.project import Project
from workshop.course.model import Activity
from workshop.scaffold.changes import EditOutcome, EditState, FileChange
from workshop.state.progress import StartFile

if TYPE_CHECKING:
    from workshop.scaffold.unedited import Written


@dataclass(frozen=True, slots=True)
class Start:
    """What starting an activity comes to. Nothing has been written yet.

    `by_hand` are edits whose place was not found, or where the learner has their own version. `caught_up`
    are earlier activities whose solutions come along; `open` are earlier ones that are not passed.
    """

    activity: Activity
    changes: tuple[FileChange, ...]
    by_hand: tuple[EditOutcome, ...]
    files: tuple[str, ...]
    caught_up: tuple[Activity, ...]
    open: tuple[Activity, ...]
    packages: tuple[str, ...]
    """Requirement lines that are new: packages the learner may have to install."""


@dataclass(frozen=True, slots=True)
class Started:
    """An activity that was started, and the blanks to fill in now."""

    activity: Activity
    blanks: tuple[Blank, ...]


def prepare(project: Project, activity: Activity, *, catch_up: bool = False, replace: bool = False) -> Start:
    """Plan the start of `activity`. Nothing is written.

    `catch_up` takes the core solutions of earlier activities that are not passed; `replace` puts the
    template in the place of a definition that the learner has already. Raises UsageError if the
    settings file is needed and was not found.
    """
    from workshop.scaffold.plan import plan

    earlier = tuple(each for each in project.course if each.number < activity.number)
    not_passed = tuple(each for each in earlier if not (each.theory or project.done(each)))
    edits = [edit for task in activity.tasks for edit in task.edits]
    own = len(edits)
    needed = [edit for each in earlier for task in each.tasks for edit in task.edits]
    edits += [edit for edit in needed if edit.requires]
    need_settings(project, activity)
    written = _written_by_earlier_starts(project, activity)

    if catch_up and not_passed:
        with caught_up(project, not_passed) as copy:
            planned = plan(
                edits,
                project=copy.root,
                fragments=[activity.templates],
                roles=project.roles_in(copy.root),
                replace=replace,
                written=written,
            )
            changes = copy.changes_with(planned.changes)
            by_hand = (*copy.by_hand, *planned.by_hand)
    else:
        planned = plan(
            edits,
            project=project.root,
            fragments=[activity.templates],
            roles=project.roles,
            replace=replace,
            written=written,
        )
        changes, by_hand = planned.changes, planned.by_hand
    others = {outcome.file for outcome in planned.outcomes[own:]}
    changed = [change.path for change in planned.changes if change.path not in others]
    return Start(
        activity=activity,
        changes=changes,
        by_hand=by_hand,
        files=tuple(dict.fromkeys([*(outcome.file for outcome in planned.outcomes[:own]), *changed])),
        caught_up=not_passed if catch_up else (),
        open=() if catch_up else not_passed,
        packages=tuple(
            outcome.edit.requires
            for outcome in planned.outcomes
            if outcome.edit.requires and outcome.state is EditState.WILL_APPLY
        ),
    )


def _written_by_earlier_starts(project: Project, activity: Activity) -> Written:
    """What the journal kept of every `start` of `activity`, by file; not the copies that someone removed."""
    from workshop.scaffold.unedited import FileVersions
    from workshop.state.journal import Status

    if activity.id not in project.progress.started():
        return {}
    written: dict[str, list[FileVersions]] = {}
    for entry in project.journal.entries():
        if entry.why == why(activity) and entry.status is Status.DONE:
            for file in entry.files:
                with suppress(OSError):
                    before = file.before.read_bytes() if file.before else None
                    after = file.after.read_bytes() if file.after else None
                    written.setdefault(file.path, []).append(FileVersions(before, after))
    return written


def why(activity: Activity) -> str:
    """What the journal calls the start of `activity`."""
    return f"start {activity.id}"


def carry_out(project: Project, start: Start) -> Started:
    """Write what was planned, as one journalled change, and record the start.

    Raises what the journal raises: nothing is written if a file changed since the plan was made.
    """
    before = {file: read(project.root / file) for file in start.files}
    project.change(start.changes, why(start.activity))
    files = {file: StartFile(old, read(project.root / file)) for file, old in before.items()}
    project.progress.start(start.activity.id, files)
    return Started(start.activity, in_the_way(project.root, start.activity, project.course))


def need_settings(project: Project, activity: Activity) -> None:
    """Raise UsageError if an edit is on the settings file and the project's was not found."""
    named = any(edit.file == "{settings}" for task in activity.tasks for edit in task.edits)
    if named and not project.roles:
        raise UsageError(
            f"manage.py names the settings {project.submission.settings_module}, but there is no such file.",
            "Correct DJANGO_SETTINGS_MODULE in manage.py.",
        )


def read(path: Path) -> bytes | None:
    """The bytes of a file, or None if there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
