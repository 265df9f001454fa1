"""`undo`: take back the last change."""

from __future__ import annotations

import typer

from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def undo_command(
    ctx: typer.Context,
    yes: options.Yes = False,
    project: options.Project = None,
    plain: options.Plain = False,
) -> None:
    """Take back the last change to your files."""
    from workshop.actions import undo as action
    from workshop.actions.next_step import next_step
    from workshop.cli.agreeing import agreed

    context = context_with(ctx, project, plain)
    with context.opened(alone="workshop undo") as found:
        planned = action.plan_undo(found)
        context.say(f"The last change was: {planned.why}. Taking it back means:\n")
        notes = [] if planned.changes else ["Attempts and hints from before it come back; no file changes."]
        if not agreed(context, planned.changes, "Take it back?", yes, notes):
            return
        action.undo(found, planned)
        context.say("Done. All is as it was before it.")
        context.say(f"Next: {context.command_for(found.root)(next_step(found).words)}")
