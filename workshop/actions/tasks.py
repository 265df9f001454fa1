"""The tasks of an activity and its open blanks, shown again."""

from __future__ import annotations

from workshop.actions.blanks import in_the_way
from workshop.actions.project import Project
from workshop.actions.start import Started
from workshop.course.model import Activity


def tasks(project: Project, activity: Activity) -> Started:
    """The activity and the blanks that are open now. Nothing is written."""
    return Started(activity, in_the_way(project.root, activity, project.course))
