"""The command line: which commands there are. Each parses, calls an action, and shows a screen.

Nothing heavy is imported here. A command imports what it needs when it runs, so that `--help`, `hint`
and `progress` answer at once.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from workshop import __version__
from workshop.cli import options
from workshop.cli.beginning import lesson_command, start_command
from workshop.cli.context import Context
from workshop.cli.guard import guarded
from workshop.cli.judging import check_command

app = typer.Typer(
    name="workshop",
    help="Learn Redis caching in Django on your own project. Type `workshop` alone to see where you are.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

app.command("start")(start_command)
app.command("lesson")(lesson_command)
app.command("check")(check_command)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"workshop {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
@guarded
def home(
    ctx: typer.Context,
    project: options.Project = None,
    plain: options.Plain = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and stop.")
    ] = False,
) -> None:
    """Learn Redis caching in Django on your own project."""
    ctx.obj = (ctx.obj or Context()).given(project, plain)


def run(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    app(args=sys.argv[1:] if arguments is None else arguments, prog_name="workshop")
