"""The command line: which commands there are, in the order of `--help`. Each has the module of its name: that
parses, calls an action, and shows a screen.

Nothing heavy is imported here. A command imports what it needs when it runs, so that `--help`, `hint`
and `progress` answer at once.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from workshop import __version__
from workshop.cli import options
from workshop.cli.author import author
from workshop.cli.check import check_command
from workshop.cli.context import context_with
from workshop.cli.doctor import doctor_command
from workshop.cli.explain import explain_command
from workshop.cli.guard import guarded
from workshop.cli.hint import hint_command
from workshop.cli.init import init_command
from workshop.cli.instructor import instructor
from workshop.cli.lesson import lesson_command
from workshop.cli.parsing import Typer
from workshop.cli.progress import progress_command, where_am_i
from workshop.cli.quiz import quiz_command
from workshop.cli.redis import redis
from workshop.cli.redis_console import cli_command, monitor_command
from workshop.cli.reset import reset_command
from workshop.cli.review import review_command
from workshop.cli.seed import seed_command
from workshop.cli.solution import solution_command
from workshop.cli.start import start_command
from workshop.cli.submit import submit_command
from workshop.cli.tasks import tasks_command
from workshop.cli.undo import undo_command
from workshop.cli.watch import watch_command

app = Typer(
    name="workshop",
    help="Learn Redis caching in Django on your own project. Type `workshop` alone to see where you are.",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

app.command("init")(init_command)
app.command("start")(start_command)
app.command("lesson")(lesson_command)
app.command("tasks")(tasks_command)
app.command("check")(check_command)
app.command("watch")(watch_command)
app.command("quiz")(quiz_command)
app.command("review")(review_command)
app.command("explain")(explain_command)
app.command("hint")(hint_command)
app.command("solution")(solution_command)
app.command("undo")(undo_command)
app.command("reset")(reset_command)
app.command("progress")(progress_command)
app.command("seed")(seed_command)
app.command("submit")(submit_command)
app.command("doctor")(doctor_command)
redis.command("monitor")(monitor_command)
redis.command("cli", context_settings={"ignore_unknown_options": True})(cli_command)
app.add_typer(redis, name="redis")
app.add_typer(instructor, name="instructor")
app.add_typer(author, name="author")


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
    context = context_with(ctx, project, plain)
    if ctx.invoked_subcommand is None:
        where_am_i(context)


def run(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    app(args=sys.argv[1:] if arguments is None else arguments, prog_name="workshop")
