"""`tasks`: what is to be done, and which blanks are open."""

from __future__ import annotations

import typer

from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def tasks_command(
    ctx: typer.Context,
    activity: options.ActivityName = None,
    project: options.Project = None,
    plain: options.Plain = False,
) -> None:
    """The tasks of an activity and its open blanks. Without a name: the activity that you are busy with."""
    from workshop.actions.tasks import tasks
    from workshop.screens import start as screen

    context = context_with(ctx, project, plain)
    with context.opened() as found:
        wanted = tasks(found, found.activity(activity))
        command = context.command_for(found.root)
    context.say(f"Activity {wanted.activity.number}: {wanted.activity.title}")
    context.show(screen.started(wanted.activity, wanted.blanks, False, command))
