"""`author ...`: for whoever writes or changes an activity."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from grader.errors import UsageError
from workshop.cli import options
from workshop.cli.context import given
from workshop.cli.guard import guarded

author = typer.Typer(help="For authors of activities.", rich_markup_mode=None, no_args_is_help=True)


class Tree(StrEnum):
    """The trees that prove the checks (docs/checks.md)."""

    STARTER = "starter"
    CORE = "core"
    LETTER = "letter"
    REFERENCE = "reference"


@author.callback()
def _group() -> None:
    """For authors of activities."""


@author.command("build")
@guarded
def build_command(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet.")],
    through: Annotated[
        int | None,
        typer.Option("--through", metavar="N", help="With the edits of Activities 2 to N. Default: all."),
    ] = None,
    tree: Annotated[Tree, typer.Option("--tree", help="Whose answers are filled in.")] = Tree.REFERENCE,
    plain: options.Plain = False,
) -> None:
    """Write out a project with the activities done: what the checks are proved on."""
    from workshop.author.trees import Kind, build
    from workshop.course.load import activities, load

    context = given(ctx, None, plain)
    target = context.cwd / folder
    if target.exists():
        raise UsageError(f"{folder} is there already.", "Name a folder that does not exist yet.")
    last = activities()[-1].number if through is None else load(through).number
    if tree is Tree.STARTER:
        build(target, 0)
        context.say(f"{folder}: the bare starter.")
    else:
        build(target, last, Kind(tree))
        context.say(f"{folder}: the {tree} tree, with Activities 2 to {last} done.")
