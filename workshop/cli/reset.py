"""`reset`: the files of an activity as they were at its start."""

from __future__ import annotations

import typer

from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def reset_command(
    ctx: typer.Context,
    activity: options.ActivityName = None,
    yes: options.Yes = False,
    project: options.Project = None,
    plain: options.Plain = False,
) -> None:
    """Put the files of an activity back to its start."""
    from workshop.actions import reset as action
    from workshop.actions.next_step import next_step
    from workshop.cli.agreeing import agreed

    context = context_with(ctx, project, plain)
    with context.opened(alone="workshop reset") as found:
        wanted = found.activity(activity)
        command = context.command_for(found.root)
        planned = action.plan_reset(found, [wanted])
        if not planned.changes:
            context.say(f"The files of activity {wanted.number} are as they were right after its start.")
            return
        notes = [
            f"Activity {each.number} has a part in the same files: that part goes as well. "
            f"Bring it back later with: {command(f'start {each.id}')}"
            for each in planned.shared
        ]
        if not agreed(context, planned.changes, "Make this change?", yes, notes):
            return
        action.reset(found, planned)
        context.say(f"Done. To take it back: {command('undo')}")
        context.say(f"Next: {command(next_step(found).words)}")
