"""`redis start`, `stop`, `status` and `keys`: the learner's own Redis."""

from __future__ import annotations

import typer

from grader.errors import ExitStatus
from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded
from workshop.cli.parsing import Typer

redis = Typer(help="Your own Redis: start one, look inside it.", no_args_is_help=True)


@redis.command("start")
@guarded
def start_command(
    ctx: typer.Context,
    yes: options.Yes = False,
    project: options.Project = None,
    plain: options.Plain = False,
) -> None:
    """Use the Redis that runs here, or start one."""
    from workshop.actions import servers
    from workshop.screens import diff

    context = context_with(ctx, project, plain)
    with context.opened(alone="workshop redis start") as found:
        started = servers.start(found.root)
        server = started.server
        command = context.command_for(found.root)
        what = f"{server.version or 'A Redis'} at {server.url}"
        if started.fresh:
            context.say(f"Started: {what}")
            context.say(f"It keeps nothing on disk. To end it: {command('redis stop')}")
        else:
            context.say(f"{'Your server runs already' if server.ours else 'Found'}: {what}")
        if started.edit is None:
            return
        from workshop.scaffold.plan import plan

        if started.instead_of is not None:
            context.say(f"Your project uses another address now (from {started.instead_of.origin}).")
        planned = plan([started.edit], project=found.root, fragments=(), replace=True)
        if planned.changes:
            context.say("Your project has to know its address:\n")
            context.show(*diff.diff(planned.changes))
            if context.confirm("Write it into .env?", yes):
                found.change(planned.changes, "redis start")
                context.say("Done.")
        for outcome in planned.by_hand:
            context.say(f"Put this line into {outcome.file}: {started.edit.line}")


@redis.command("stop")
@guarded
def stop_command(ctx: typer.Context, project: options.Project = None, plain: options.Plain = False) -> None:
    """End the server that was started for your project."""
    from workshop.actions import servers

    context = context_with(ctx, project, plain)
    with context.opened(alone="workshop redis stop") as found:
        ended = servers.stop(found.root)
    if ended is None:
        context.say("The workshop has no server running for this project. Nothing was stopped.")
    else:
        context.say(f"Stopped the server on port {ended.port}.")


@redis.command("status")
@guarded
def status_command(ctx: typer.Context, project: options.Project = None, plain: options.Plain = False) -> None:
    """Look what answers at the address your project uses."""
    from workshop.actions import servers
    from workshop.screens.doctor import finding

    context = context_with(ctx, project, plain)
    with context.opened() as found:
        status = servers.status(found.root)
    verdict = status.verdict
    state = "ok" if verdict.ok else "bad"
    context.say(finding("redis", state, verdict.sentence, verdict.remedy, context.look))
    context.say(f"Address from {status.configured.origin}; the answer took {verdict.ms:.0f} ms.")
    if status.ours:
        context.say(f"The workshop's server for this project runs on port {status.ours.port}.")
    if not verdict.ok:
        raise typer.Exit(ExitStatus.ENVIRONMENT)


@redis.command("keys")
@guarded
def keys_command(ctx: typer.Context, project: options.Project = None, plain: options.Plain = False) -> None:
    """List the keys, and the seconds they have left."""
    from grader.servers.keys import keys
    from workshop.actions import servers
    from workshop.screens import redis_keys as screen

    context = context_with(ctx, project, plain)
    with context.opened() as found:
        listed = keys(servers.url_of(found.root))
    if not listed.entries:
        context.say(f"There is no key in {listed.url}.")
        return
    rows = [(each.db, each.key, each.type, each.ttl, each.size) for each in listed.entries]
    context.say(screen.keys(rows, context.look))
    if listed.total > len(rows):
        context.say(f"({listed.total - len(rows)} more)")
