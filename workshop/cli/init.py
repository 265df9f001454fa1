"""`init`: make a project, or take the learner's own."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

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
    if made.has_git:
        context.say("  git          is here: commit what you have before you go on")
    context.say("\nNext:")
    if context.cwd != submission.root:
        context.say(f"  cd {shlex.quote(context.short(submission.root))}")
    context.say(f"  {inside.command_for(submission.root)('start')}")
