"""Our solution of an activity: shown, or brought into the project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import assert_never

from grader.errors import UsageError
from workshop.actions.project import Project
from workshop.actions.start import need_settings
from workshop.course.model import Activity, Task
from workshop.scaffold.changes import EditPlan
from workshop.scaffold.edits import (
    AddDefinition,
    AppendEntry,
    CreateFile,
    Decorate,
    Edit,
    MoveFile,
    RequireLine,
    SetName,
)
from workshop.scaffold.roles import in_role, module_files


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of code and the file it belongs in."""

    file: str
    source: str


@dataclass(frozen=True, slots=True)
class SolvedTask:
    """A task with its solution."""

    task: Task
    pieces: tuple[Piece, ...]


def solution(project: Project, activity: Activity, *, give_up: bool) -> tuple[SolvedTask, ...]:
    """Our solution. Free after the core has passed; before that `give_up` is asked for once.

    Raises UsageError if it is not free and `give_up` is false, or if the activity is one of questions.
    """
    if activity.theory:
        raise UsageError(
            f"Activity {activity.number} has no code, and so no solution.",
            f"Each answer is explained when it is given: `workshop quiz {activity.id}`.",
        )
    progress = project.progress
    if not progress.passed(activity.id) and not progress.revealed(activity.id):
        if not give_up:
            raise UsageError(
                f"The solution of activity {activity.number} is free once its core has passed.",
                "For help now: `workshop hint`. To see the solution all the same: add --give-up.",
            )
        progress.reveal(activity.id)
    return tuple(
        SolvedTask(task, tuple(piece for edit in task.edits if (piece := _piece(project, activity, edit))))
        for task in activity.tasks
    )


def _piece(project: Project, activity: Activity, edit: Edit) -> Piece | None:
    """What an edit brings once it is solved; None for what a learner has nothing to write of."""
    file = in_role(edit.file, project.roles)
    match edit:
        case CreateFile(fragment=fragment) | SetName(fragment=fragment) | AddDefinition(fragment=fragment):
            path = activity.solutions / "core" / fragment
            if not path.is_file():
                path = activity.templates / fragment
            return Piece(file, path.read_text(encoding="utf-8"))
        case RequireLine(line=source) | AppendEntry(entry=source) | Decorate(decorator=source):
            return Piece(file, source)
        case MoveFile(leaves=""):
            return None
        case MoveFile(to=to, leaves=leaves):
            package = PurePosixPath(in_role(to, project.roles)).parent
            return Piece(module_files(package)[1], leaves.strip() + "\n")
    assert_never(edit)


def plan_solution(project: Project, activity: Activity) -> EditPlan:
    """The edits that put our solution in the place of the learner's. Nothing is written."""
    from workshop.scaffold.plan import plan

    need_settings(project, activity)
    planned: EditPlan = plan(
        [edit for task in activity.tasks for edit in task.edits],
        project=project.root,
        fragments=[activity.solutions / "core", activity.templates],
        roles=project.roles,
        replace=True,
    )
    return planned


def apply_solution(project: Project, activity: Activity, planned: EditPlan) -> None:
    """Write what was planned, as one journalled change."""
    project.change(planned.changes, f"solution {activity.id}")
