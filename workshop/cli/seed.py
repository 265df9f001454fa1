"""`seed`: users in the learner's own database."""

from __future__ import annotations

import shlex

import typer

from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


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
