"""`lesson`: read what an activity is about."""

from __future__ import annotations

import typer

from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def lesson_command(
    ctx: typer.Context,
    activity: options.ActivityName = None,
    project: options.Project = None,
    plain: options.Plain = False,
) -> None:
    """Read the lesson of an activity."""
    from workshop.course.load import by_name
    from workshop.screens import lesson

    context = context_with(ctx, project, plain)
    if activity is not None and activity != "next":
        wanted = by_name(activity)
    else:
        with context.opened() as found:
            wanted = found.activity(activity)
    context.show(lesson.lesson(wanted, context.look.words))
