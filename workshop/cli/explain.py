"""`explain`: what was seen in the last check, again."""

from __future__ import annotations

import typer

from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def explain_command(
    ctx: typer.Context,
    words: options.CheckAndActivity = None,
    project: options.Project = None,
    plain: options.Plain = False,
) -> None:
    """A check of the last result again, without another run. Without a name: the first failure."""
    from workshop.actions.explain import explain
    from workshop.actions.meant import meant
    from workshop.screens import explain as screen

    context = context_with(ctx, project, plain)
    with context.opened() as found:
        wanted = meant(found, words or ())
        seen = explain(found, wanted.activity, wanted.check)
        command = context.command_for(found.root)
    context.show(*screen.explained(seen.activity, seen.verdict, seen.others, context.look, command))
