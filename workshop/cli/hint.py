"""`hint`: help on the check that failed first."""

from __future__ import annotations

import typer

from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def hint_command(
    ctx: typer.Context,
    activity: options.ActivityName = None,
    project: options.Project = None,
    plain: options.Plain = False,
) -> None:
    """A hint on the check that failed first. Ask again for a stronger one."""
    from workshop.actions.hint import LEVELS, hint
    from workshop.screens import hint as screen

    context = context_with(ctx, project, plain)
    with context.opened() as found:
        next_one = hint(found, found.activity(activity))
        command = context.command_for(found.root)
    title = f"Activity {next_one.activity.number}"
    if next_one.check:
        title += f", {next_one.check}: hint {next_one.level} of {LEVELS}"
    more = "" if not next_one.check else f"More: {command(f'hint {next_one.activity.id}')}"
    if next_one.check and next_one.last:
        more = f"That was the last one. The solution: {command(f'solution {next_one.activity.id}')}"
    context.say(screen.hint(title, next_one.text, more, context.look))
