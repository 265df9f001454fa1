"""The trees that prove the checks: the starter with the edits of Activities 2..N, filled by one solution."""

from __future__ import annotations

import shutil
import tomllib
from enum import StrEnum
from pathlib import Path

from grader.errors import GraderError
from grader.submission import find
from workshop.course.load import activities, content_root, edit
from workshop.course.model import Activity
from workshop.course.table import Table
from workshop.scaffold.edits import Edit
from workshop.scaffold.roles import roles

_LEAVINGS = shutil.ignore_patterns("__pycache__", "db.sqlite3*", ".workshop", ".venv")


class TreeKind(StrEnum):
    """Who filled the blanks. TEMPLATE: nobody did. A fragment missing in the others is taken from CORE."""

    TEMPLATE = "template"
    CORE = "core"
    LETTER = "letter"
    REFERENCE = "reference"


def build(folder: Path, upto: int, kind: TreeKind = TreeKind.CORE) -> Path:
    """Make the tree in `folder`, which must not exist yet, and return it. Below 2 it is the bare starter.

    Raises GraderError if the edits of an activity do not fit what is there by then.
    """
    shutil.copytree(content_root() / "safeboda", folder, ignore=_LEAVINGS)
    for activity in activities():
        if activity.number <= upto:
            _apply(activity, folder, kind)
    return folder


def _apply(activity: Activity, project: Path, kind: TreeKind) -> None:
    from workshop.scaffold.plan import plan

    folders = [activity.templates]
    if kind is not TreeKind.TEMPLATE:
        folders = [activity.solutions / kind, activity.solutions / "core", activity.templates]
    found = find(project)
    wanted = [edit for task in activity.tasks for edit in task.edits] + _extra_edits(activity, kind)
    planned = plan(wanted, project=project, fragments=folders, roles=roles(found, {}), replace=True)
    if planned.by_hand:
        misfit = planned.by_hand[0]
        raise GraderError(
            f"{activity.id} ({kind}) does not fit the tree: {misfit.file}: {misfit.reason}",
            "Each activity's fragments must fit on the trees of all earlier ones.",
        )
    for change in planned.changes:
        path = project / change.path
        if change.after is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(change.after)


def _extra_edits(activity: Activity, kind: TreeKind) -> list[Edit]:
    """Edits that this solution makes beside those of the tasks."""
    file = activity.solutions / kind / "edits.toml"
    if not file.is_file():
        return []
    table = Table(tomllib.loads(file.read_text(encoding="utf-8")), file)
    return [edit(each) for each in table.tables("edits")]
