"""`init`, `undo`, `reset` and `seed`: what changes the project."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from grader.wording import counted
from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def init_command(
    ctx: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(metavar="PATH", help="A new folder, or a project you have already.")
    ] = None,
    python: options.Python = None,
    plain: options.Plain = False,
) -> None:
    """Make a new SafeBoda project, or take yours as it is."""
    from workshop.actions.init import init

    context = context_with(ctx, None, plain, python)
    made = init(context.cwd, path or context.project, context.python)
    submission = made.submission
    inside = replace(context, cwd=submission.root)
    if made.new:
        context.say(f"A new project is in {submission.root}")
    else:
        context.say(f"Your project is {submission.root}. Nothing in it was changed.")
    context.say(f"  settings     {submission.settings_module}")
    if submission.settings_file is None:
        context.say("               (there is no such file; correct it in manage.py)")
    context.say(f"  apps         {', '.join(made.apps) or 'none found'}")
    context.say(f"  Python       {submission.python} ({submission.python_origin})")
    if made.uncommitted:
        changed = counted(made.uncommitted, "changed file")
        context.say(f"  git          {changed} not committed; committing first is wise")
    context.say("\nNext:")
    if context.cwd != submission.root:
        context.say(f"  cd {shlex.quote(context.short(submission.root))}")
    context.say(f"  {inside.command_for(submission.root)('start')}")


@guarded
def undo_command(
    ctx: typer.Context,
    yes: options.Yes = False,
    project: options.Project = None,
    plain: options.Plain = False,
) -> None:
    """Take back the last change to your files."""
    from workshop.actions import undo as action
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


@guarded
def seed_command(
    ctx: typer.Context,
    project: options.Project = None,
    python: options.Python = None,
    plain: options.Plain = False,
) -> None:
    """Make demo users in your own database."""
    from workshop.actions.seed import PASSWORD, seed

    context = context_with(ctx, project, plain, python)
    with context.opened() as found:
        made = seed(found)
        interpreter = shlex.quote(str(found.submission.python))
    if made.made:
        context.say(f"{made.made} demo users were made; there are {made.total} in all.")
    else:
        context.say(f"All {made.total} demo users are there already.")
    context.say(f"One of them: {made.login}, password {PASSWORD}")
    context.say(f"\nStart your server with:\n  {interpreter} manage.py runserver")
