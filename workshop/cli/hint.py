"""`hint`: help on a check that failed."""

from __future__ import annotations

import typer

from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def hint_command(
    ctx: typer.Context,
    words: options.CheckAndActivity = None,
    project: options.Project = None,
    plain: options.Plain = False,
) -> None:
    """A hint on a check that failed: the one named, or the first. Ask again for a stronger one."""
    from workshop.actions.hint import LEVELS, hint
    from workshop.actions.meant import meant
    from workshop.screens import hint as screen

    context = context_with(ctx, project, plain)
    with context.opened() as found:
        wanted = meant(found, words or ())
        next_one = hint(found, wanted.activity, wanted.check)
        command = context.command_for(found.root)
    title = f"Activity {next_one.activity.number}"
    if next_one.check:
        title += f", {next_one.check}: hint {next_one.level} of {LEVELS}"
    again = f"hint {wanted.check} {next_one.activity.id}" if wanted.check else f"hint {next_one.activity.id}"
    more = f"More: {command(again)}" if next_one.check else ""
    if next_one.check and next_one.last:
        more = f"That was the last one. The solution: {command(f'solution {next_one.activity.id}')}"
    context.say(screen.hint(title, next_one.text, more, context.look))
