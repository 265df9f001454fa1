"""Our solution of an activity: shown, or brought into the project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.errors import UsageError
from workshop.actions.project import Project
from workshop.actions.start import need_settings
from workshop.course.model import Activity, Task
from workshop.scaffold.changes import EditPlan
from workshop.scaffold.edits import AddDefinition, CreateFile, MoveFile, SetName
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
    return tuple(SolvedTask(task, tuple(_pieces(project, activity, task))) for task in activity.tasks)


def _pieces(project: Project, activity: Activity, task: Task) -> list[Piece]:
    pieces = []
    for edit in task.edits:
        file = in_role(edit.file, project.roles)
        if isinstance(edit, CreateFile | SetName | AddDefinition):
            path = activity.solutions / "core" / edit.fragment
            if not path.is_file():
                path = activity.templates / edit.fragment
            pieces.append(Piece(file, path.read_text(encoding="utf-8")))
        elif (
            line := getattr(edit, "line", "") or getattr(edit, "entry", "") or getattr(edit, "decorator", "")
        ):
            pieces.append(Piece(file, line))
        elif isinstance(edit, MoveFile) and edit.leaves:
            to = in_role(edit.to, project.roles)
            pieces.append(Piece(module_files(PurePosixPath(to).parent)[1], edit.leaves.strip() + "\n"))
    return pieces


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
