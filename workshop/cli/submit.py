"""`submit`: the attempts, as a file to commit."""

from __future__ import annotations

import typer

from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def submit_command(ctx: typer.Context, project: options.Project = None, plain: options.Plain = False) -> None:
    """Write your attempts to a file that you can commit."""
    from workshop.actions.submit import submit

    context = context_with(ctx, project, plain)
    with context.opened(alone="workshop submit") as found:
        path = submit(found)
    context.say(f"Written: {path}\nCommit that file together with your code, and push.")
