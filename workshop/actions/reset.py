"""Put the files of an activity back to how they were right after its `start`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.errors import UsageError
from workshop.actions.project import Project
from workshop.actions.start import read
from workshop.course.model import Activity
from workshop.scaffold.changes import FileChange


@dataclass(frozen=True, slots=True)
class Reset:
    """What a reset comes to. Nothing has been written yet.

    `activities` are those reset, the first to be worked on again. `shared` are others started here that
    have a part in the same files: that part goes as well.
    """

    activities: tuple[Activity, ...]
    changes: tuple[FileChange, ...]
    shared: tuple[Activity, ...]

    @property
    def why(self) -> str:
        """What the journal calls it."""
        return "reset " + " ".join(each.id for each in self.activities)


def plan_reset(project: Project, activities: Sequence[Activity]) -> Reset:
    """Plan the way back to the start of the first of `activities` that was started here.

    Files of the first go back to right after its start; files that only the others saw to go back to
    how they were before those. A later activity that has moved a file of the first is reset as well: the file
    cannot be in two places. Raises UsageError if none of them was started here.
    """
    started = project.progress.started()
    chosen = sorted((each for each in activities if each.id in started), key=lambda each: each.number)
    if not chosen:
        names = ", ".join(each.id for each in activities)
        raise UsageError(
            f"There is no start to go back to: {names} was not started here.",
            f"Type `workshop start {activities[0].id}` first.",
        )
    movers = [each for each in _movers(project, chosen[0]) if each not in chosen]
    target: dict[str, bytes | None] = {}
    for each in chosen + movers:
        for path, file in project.progress.start_files(each.id).items():
            target.setdefault(path, file.after if each is chosen[0] else file.before)
    changes = []
    for path, after in target.items():
        before = read(project.root / path)
        if before != after:
            changes.append(FileChange(path, before, after))
    paths = {change.path for change in changes}
    shared = tuple(
        each
        for each in project.course
        if each.id in started
        and each.number > chosen[0].number
        and each not in chosen
        and (each in movers or not paths.isdisjoint(project.progress.start_files(each.id)))
    )
    return Reset(tuple(chosen), tuple(changes), shared)


def _movers(project: Project, first: Activity) -> list[Activity]:
    """The activities started after `first` that took away a file which it had seen to."""
    seen = {path for path, file in project.progress.start_files(first.id).items() if file.after is not None}
    started = project.progress.started()
    return [
        each
        for each in project.course
        if each.id in started
        and each.number > first.number
        and any(
            path in seen and file.after is None and file.before is not None
            for path, file in project.progress.start_files(each.id).items()
        )
    ]


def reset(project: Project, planned: Reset) -> None:
    """Write what was planned, as one journalled change. What was tried and asked stays on record."""
    project.change(planned.changes, planned.why)
    project.progress.begin_again(planned.activities[0].id)
