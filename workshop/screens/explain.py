"""A verdict of the last check, and which other checks can be explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from grader.result import Outcome, Verdict
from workshop.course.model import Activity
from workshop.screens.look import Look
from workshop.screens.result import Command, failure, verdict_line
from workshop.screens.timeline import timeline


def explained(
    activity: Activity, verdict: Verdict | None, others: Sequence[Verdict], look: Look, command: Command
) -> Iterator[RenderableType]:
    """The verdict in full, a command for a hint on it, and the `others` that can be read about."""
    if verdict is None:
        yield Text(f"Everything passed in the last check of activity {activity.number}.")
        return
    yield Text(f"From the last check of activity {activity.number}:")
    if verdict.outcome is Outcome.PASSED:
        yield verdict_line(verdict, look)
        yield timeline(verdict.evidence)
        return
    yield failure(verdict, look)
    if verdict.outcome in (Outcome.FAILED, Outcome.ERROR):
        yield Text("\nFor a hint on it:")
        yield Text(f"  {command(f'hint {verdict.id} {activity.id}')}", "bold")
    if others:
        yield Text("\nAlso not passed:")
        for other in others:
            yield verdict_line(other, look)
        yield Text("To read about one of them:")
        yield Text(f"  {command(f'explain {others[0].id} {activity.id}')}", "bold")
