"""What the words after a command mean: an activity, a check, or both, in any order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.errors import UsageError
from workshop.actions.failing import SYNTAX
from workshop.actions.project import Project
from workshop.course.load import by_name
from workshop.course.model import Activity

_ACTIVITY = re.compile(r"(?:activity.*|\d+|next)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meant:
    """An activity, and the id of a check if one was named, else an empty text."""

    activity: Activity
    check: str


def meant(project: Project, words: Sequence[str]) -> Meant:
    """What `words` mean; ids of checks in capitals or not. Without an activity it is the current one, or else
    the one in which the check was judged last.

    Raises UsageError if a word means nothing, or there are two activities or two checks.
    """
    activities = [project.activity(word) for word in words if _ACTIVITY.fullmatch(word)]
    checks = [_check(project, word) for word in words if not _ACTIVITY.fullmatch(word)]
    if len(activities) > 1 or len(checks) > 1:
        raise UsageError(
            f"{' '.join(words)!r} names more than one activity or check.",
            "Name one check, one activity, or one of each.",
        )
    check = checks[0] if checks else ""
    if activities:
        return Meant(activities[0], check)
    return Meant(_with(project, check) if check else project.activity(None), check)


def _check(project: Project, word: str) -> str:
    ids = [check.id for activity in project.course for check in activity.checks] + [SYNTAX]
    found = next((id for id in ids if id.lower() == word.lower()), None)
    if found is None:
        raise UsageError(
            f"There is no activity and no check called {word!r}.",
            f"There are: {', '.join(each.id for each in project.course)}. "
            "`workshop check` shows the ids of checks.",
        )
    return found


def _with(project: Project, check: str) -> Activity:
    """The activity in which `check` was judged last, the current one first; else the one that has it."""
    judged = project.progress.judged_in(check)
    current = project.current
    if current and current.id in judged:
        return current
    if judged:
        return by_name(judged[0])
    owners = [each for each in project.course if any(of.id == check for of in each.checks)]
    return next((each for each in owners if each == current), owners[0] if owners else project.activity(None))
