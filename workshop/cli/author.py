"""`author ...`: for whoever writes or changes an activity."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, assert_never

import typer

from grader.errors import ExitStatus, UsageError
from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded
from workshop.cli.parsing import Typer

author = Typer(help="For authors of activities.", no_args_is_help=True)


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
    from workshop.author.trees import TreeKind, build
    from workshop.course.load import activities, load

    context = context_with(ctx, None, plain)
    target = context.cwd / folder
    if target.exists():
        raise UsageError(f"{folder} is there already.", "Name a folder that does not exist yet.")
    last = activities()[-1].number if through is None else load(through).number
    if tree is Tree.STARTER:
        build(target, 0)
        context.say(f"{folder}: the bare starter.")
    else:
        build(target, last, TreeKind(tree))
        context.say(f"{folder}: the {tree} tree, with Activities 2 to {last} done.")


@author.command("new")
@guarded
def new_command(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="Its number, such as 10.")],
    plain: options.Plain = False,
) -> None:
    """Begin an activity: files that load, and a list of what is to be filled in."""
    from workshop.author.new import begin

    context = context_with(ctx, None, plain)
    begun = begin(number)
    context.say(f"Activity {number} is begun, and loads. To be filled in:")
    for file, what in begun.to_fill:
        context.say(f"  {context.short(file):45} {what}")
    context.tell(f"Then prove it: workshop author verify --activities {number}. See docs/authors.md.")


@author.command("docs")
@guarded
def docs_command(ctx: typer.Context, plain: options.Plain = False) -> None:
    """Write what documents tell of the course: the tables of docs/checks.md, the counts of the README."""
    from workshop.author.docs import stale

    context = context_with(ctx, None, plain)
    for file, text in stale().items():
        file.write_text(text, encoding="utf-8")
        context.say(f"Written: {context.short(file)}")


class Stack(StrEnum):
    """Whose packages the projects run with: the newest, as ours, or those that the handout pins."""

    LATEST = "latest"
    PINNED = "pinned"


@author.command("verify")
@guarded
def verify_command(
    ctx: typer.Context,
    numbers: Annotated[
        str, typer.Option("--activities", metavar="N", help="4, or 2-5, or 2,4. Default: all.")
    ] = "",
    only: Annotated[
        str, typer.Option("--only", metavar="ID", help="Only these items: m18, or m18,V05,A31.")
    ] = "",
    stack: Annotated[Stack, typer.Option("--stack", help="The packages of the projects.")] = Stack.LATEST,
    repeat: Annotated[
        int, typer.Option("--repeat", metavar="K", min=1, help="Judge everything so often, and compare.")
    ] = 1,
    jobs: Annotated[
        int, typer.Option("--jobs", metavar="N", min=1, help="Projects judged side by side.")
    ] = 2,
    accept: Annotated[
        bool, typer.Option("--accept", help="Write the transcripts anew instead of comparing them.")
    ] = False,
    format: options.OutputFormat = options.Format.TEXT,
    python: options.Python = None,
    plain: options.Plain = False,
) -> None:
    """Prove the course: its words, its trees, and every mutant, variant and adversary of the corpus."""
    from workshop.actions.instructor import chosen
    from workshop.author.report import to_json
    from workshop.author.stacks import interpreter
    from workshop.author.transcripts import accept_all, differing
    from workshop.author.verify import Wanted, jobs_for, verify
    from workshop.course.load import activities
    from workshop.screens.verify import Progress, summary

    context = context_with(ctx, None, plain, python)
    found = chosen(numbers, every=False) or activities()
    items = frozenset(each.strip() for each in only.split(",") if each.strip())
    used = interpreter(stack is Stack.PINNED, context.python)
    wanted = Wanted(tuple(each.number for each in found), items, repeat, jobs, used)
    progress = Progress(
        len(jobs_for(wanted)),
        say=context.say if format is options.Format.TEXT else context.complain,
        stream=context.stderr if context.live else None,
    )
    # What a learner sees is compared on one stack only: the other one's errors have other words.
    compare = None if accept or stack is Stack.PINNED or context.python else differing
    verified = verify(wanted, progress.feed, compare)
    progress.end()
    if accept:
        for file in accept_all(verified.proofs):
            context.complain(f"Written: {file}")
    counts = to_json(verified)
    match format:
        case options.Format.TEXT:
            context.say(summary(counts))
        case options.Format.JSON:
            import json

            context.say(json.dumps(counts, indent=2))
        case _:
            assert_never(format)
    if not verified.clean:
        raise typer.Exit(ExitStatus.CODE)
