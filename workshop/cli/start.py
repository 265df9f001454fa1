"""`start`: begin an activity."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def start_command(
    ctx: typer.Context,
    activity: Annotated[str, typer.Argument(metavar="ACTIVITY", help="activity-4, 4, or next.")] = "next",
    catch_up: Annotated[
        bool, typer.Option("--catch-up", help="Bring in our solutions of earlier activities first.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put ours in the place of what you have already.")
    ] = False,
    yes: options.Yes = False,
    project: options.Project = None,
    python: options.Python = None,
    plain: options.Plain = False,
) -> None:
    """Begin an activity: bring its template into your project."""
    from workshop.actions import start as action
    from workshop.cli.agreeing import agreed
    from workshop.screens import diff, lesson
    from workshop.screens import start as screen

    context = context_with(ctx, project, plain, python)
    with context.opened(alone="workshop start") as found:
        wanted = found.activity(activity)
        command = context.command_for(found.root)
        plan = action.prepare(found, wanted, catch_up=catch_up, replace=replace)
        context.say(f"Activity {wanted.number}: {wanted.title} ({wanted.minutes} minutes)\n")
        if plan.caught_up:
            numbers = ", ".join(str(each.number) for each in plan.caught_up)
            context.tell(f"Our solutions of activities not passed yet come along: {numbers}.\n")
        if plan.changes and not agreed(context, plan.changes, "Make this change?", yes):
            return
        started = action.carry_out(found, plan)
        if plan.changes:
            context.say(f"Done. To take it back: {command('undo')}\n")
        context.show(lesson.head(wanted, context.look.words))
        if plan.by_hand:
            context.show(*diff.by_hand(plan.by_hand))
        if plan.open:
            numbers = ", ".join(str(each.number) for each in plan.open)
            context.tell(
                f"\nNot passed yet: activity {numbers}. You may go on all the same, "
                "or bring in our solutions with --catch-up."
            )
        their_own = found.submission.python != Path(sys.executable)
        if plan.packages and their_own:
            interpreter = shlex.quote(str(found.submission.python))
            context.say("\nNew packages for your project. Install them:")
            context.say(f"  {interpreter} -m pip install {' '.join(plan.packages)}")
        context.show(screen.started(wanted, started.blanks, bool(plan.by_hand), command))
