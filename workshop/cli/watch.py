"""`watch`: check again each time a file is saved."""

from __future__ import annotations

import typer

from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def watch_command(
    ctx: typer.Context,
    activity: options.ActivityName = None,
    project: options.Project = None,
    python: options.Python = None,
    plain: options.Plain = False,
) -> None:
    """Check again each time you save a file. Without a name: the activity you started last."""
    import asyncio

    from workshop.watch.loop import Watch
    from workshop.watch.page import Page

    context = context_with(ctx, project, plain, python)
    with context.opened() as found:
        root = found.root
        found.activity(activity)  # a name that means nothing is told now
    page = Page(context.console, lambda: context.look, context.live)
    watch = Watch(root, activity, python, page, context.command_for(root))
    asyncio.run(watch.watch(context.stdin if context.interactive else None))
