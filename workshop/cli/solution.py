"""`solution`: our solution, shown or brought in."""

from __future__ import annotations

from typing import Annotated

import typer

from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def solution_command(
    ctx: typer.Context,
    activity: options.ActivityName = None,
    apply: Annotated[bool, typer.Option("--apply", help="Bring it into your project.")] = False,
    give_up: Annotated[bool, typer.Option("--give-up", help="See it before the core has passed.")] = False,
    yes: options.Yes = False,
    project: options.Project = None,
    plain: options.Plain = False,
) -> None:
    """Our solution: free once the core has passed."""
    from workshop.actions import solution as action
    from workshop.cli.agreeing import agreed
    from workshop.screens import diff
    from workshop.screens import solution as screen

    context = context_with(ctx, project, plain)
    with context.opened(alone="workshop solution") as found:
        wanted = found.activity(activity)
        command = context.command_for(found.root)
        solved = action.solution(found, wanted, give_up=give_up)
        context.say(f"Our solution of activity {wanted.number}: {wanted.title}\n")
        if not apply:
            for each in solved:
                pieces = [(piece.file, piece.source) for piece in each.pieces]
                context.show(*screen.task(each.task.title, pieces, context.look.words))
            context.say(f"To bring it into your project: {command(f'solution {wanted.id} --apply')}")
            return
        planned = action.plan_solution(found, wanted)
        if planned.changes:
            if not agreed(context, planned.changes, "Put our solution in the place of yours?", yes):
                return
            action.apply_solution(found, wanted, planned)
            context.say(f"Done. To get yours back: {command('undo')}")
        elif not planned.by_hand:
            context.say("It is in your project already. Nothing was changed.")
        if planned.by_hand:
            context.show(*diff.by_hand(planned.by_hand))
        context.say(f"See what it does: {command(f'check {wanted.id}')}")
