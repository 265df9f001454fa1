"""`redis cli` and `redis monitor`: talk to a Redis, and listen to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from grader.errors import UsageError, WorkshopError
from workshop.cli import options
from workshop.cli.context import Context, context_with
from workshop.cli.guard import explain, guarded

if TYPE_CHECKING:
    from workshop.actions.console import Console


@guarded
def monitor_command(
    ctx: typer.Context, project: options.Project = None, plain: options.Plain = False
) -> None:
    """Show every command as it comes. Ctrl-C ends it."""
    from workshop.actions import servers
    from workshop.actions.console import monitor
    from workshop.screens.clean import clean_line

    context = context_with(ctx, project, plain)
    with context.opened() as found:
        url = servers.url_of(found.root)
    context.complain("Waiting for commands. Ctrl-C ends it.")
    for line in monitor(url):
        context.say(clean_line(line, 500))


@guarded
def cli_command(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="COMMAND...", help="One command; none: type them in.")
    ] = None,
    project: options.Project = None,
    plain: options.Plain = False,
    yes: options.Yes = False,
) -> None:
    """Send commands, where no redis-cli is installed."""
    from grader.servers import local
    from workshop.actions import servers
    from workshop.actions.console import Console, split

    context = context_with(ctx, project, plain)
    with context.opened() as found:
        url, ours = servers.url_of(found.root), local.status(found.root)
    with Console(url, ours) as console:
        if words:
            _send(context, console, words, yes)
            return
        context.say("Type a command, such as KEYS *, GET name or TTL name. Ctrl-D ends it.")
        while line := _typed(context):
            try:
                _send(context, console, split(line), yes)
            except WorkshopError as error:
                context.complain(explain(error))


def _typed(context: Context) -> str:
    if context.interactive:
        context.stdout.write("redis> ")
        context.stdout.flush()
    return context.stdin.readline()


def _send(context: Context, console: Console, words: list[str], yes: bool) -> None:
    from workshop.screens.clean import clean_line

    danger = console.dangerous(words)
    if danger and not yes:
        context.say(f"This server was not started by the workshop. {danger}")
        if not context.interactive:
            raise UsageError("It was not sent: there is no terminal to ask in.", "Add --yes if you mean it.")
        if not context.confirm("Send it all the same?", yes):
            context.say("It was not sent.")
            return
    for line in console.send(words):
        context.say(clean_line(line, 2_000))
