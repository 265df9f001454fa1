"""`instructor ...`: for whoever teaches the class."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.errors import ExitStatus
from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded
from workshop.cli.parsing import Typer

instructor = Typer(help="For instructors.", no_args_is_help=True)


@instructor.callback()
def _group() -> None:
    """For instructors."""


@instructor.command("reset")
@guarded
def reset_command(
    ctx: typer.Context,
    projects: Annotated[list[Path], typer.Argument(metavar="PROJECT...", help="One project or many.")],
    numbers: Annotated[
        str, typer.Option("--activities", metavar="N", help="4, or 2-5. Default: the one started last.")
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="All activities started.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    plain: options.Plain = False,
) -> None:
    """Put projects back to the start of an activity.

    Files, progress, and the keys that the workshop itself wrote. `workshop undo` brings all back.
    """
    from workshop.actions.instructor import chosen, clear
    from workshop.screens.clean import clean_line

    context = context_with(ctx, None, plain)
    wanted = chosen(numbers, every)
    worst = ExitStatus.OK
    for project in projects:
        cleared = clear(context.cwd / project, wanted, dry_run=dry_run, notice=context.complain)
        context.say(clean_line(f"{project}: {cleared.sentence}", 600))
        worst = max(worst, cleared.status)
    if worst:
        raise typer.Exit(worst)
