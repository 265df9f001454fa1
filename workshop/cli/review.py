"""`review`: the checklist and the pull request of Activity 9."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from grader.errors import UsageError
from workshop.cli import options
from workshop.cli.context import Context, context_with
from workshop.cli.guard import guarded

if TYPE_CHECKING:
    from workshop.actions.project import Project


class _Stopped(Exception):
    """The learner wants to stop here. What was said is kept."""


@guarded
def review_command(
    ctx: typer.Context,
    format: options.OutputFormat = options.Format.TEXT,
    answers: Annotated[
        str | None,
        typer.Option(
            "--answers",
            metavar="FILE",
            help='JSON: {"K1": {"tick": true, "reason": "..."}, "send_back": [2, 5]}. - for the input.',
        ),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Another turn, with another pull request.")] = False,
    project: options.Project = None,
    plain: options.Plain = False,
) -> None:
    """Review your own code by the checklist, and then a pull request. Stop and go on whenever you like."""
    from workshop.actions import review as action

    context = context_with(ctx, project, plain)
    with context.opened(alone="workshop review") as found:
        action.insist_on_a_check(found)
        if again:
            action.again(found)
        if answers is not None:
            action.take(found, _read(context, answers))
        match format:
            case options.Format.TEXT:
                _as_text(context, found)
            case options.Format.JSON:
                context.say(json.dumps(action.as_json(action.review(found)), indent=2))
            case _:
                assert_never(format)


def _as_text(context: Context, project: Project) -> None:
    if context.interactive:
        try:
            _tick_lines(context, project)
            _read_hunks(context, project)
        except _Stopped:
            context.say("\nWhat you said is kept. Go on with:")
            context.say(f"  {context.command_for(project.root)('review')}")
            return
    _show(context, project)


def _tick_lines(context: Context, project: Project) -> None:
    from workshop.actions import review as action
    from workshop.screens import review as screen

    now = action.review(project)
    if now.open:
        context.tell(
            "First your own word: does the line hold for your code, and what makes you sure? "
            "After the last one you see what the checks saw. q stops."
        )
    for at, line in enumerate(now.open, len(now.judged) - len(now.open) + 1):
        context.say(screen.line(line, at, len(now.judged), context.look))
        yes = _yes_or_no(context, "  Tick it? [y/n] ")
        while not (reason := _typed(context, "  Because: ")):
            context.say("  One line, in your own words.")
        action.tick(project, line.id, yes, reason)


def _read_hunks(context: Context, project: Project) -> None:
    from workshop.actions import review as action
    from workshop.screens import review as screen

    now = action.review(project)
    context.say(screen.ticks(now.judged, now.ticks, context.look))
    if now.found is not None:
        return
    context.say()
    context.tell(
        f"Now a pull request against our own solution, in {len(now.hunks)} hunks. Some of them break "
        "something; some only look as if. Which would you send back? q stops, and then you begin it anew."
    )
    named = []
    for hunk in now.hunks:
        context.say(screen.hunk(hunk, len(now.hunks), context.look))
        if _yes_or_no(context, "Send it back? [y/n] "):
            named.append(hunk.number)
    action.send_back(project, named)


def _show(context: Context, project: Project) -> None:
    """What there is to see, without asking anything."""
    from workshop.actions import review as action
    from workshop.screens import review as screen

    now = action.review(project)
    look, command = context.look, context.command_for(project.root)
    if now.open:
        for line in now.open:
            context.say(f"{line.id}  {line.title}: not ticked yet")
    else:
        if not context.interactive:
            context.say(screen.ticks(now.judged, now.ticks, look))
        context.say(
            screen.pull_request(now.found, look) if now.found else "\nThe pull request is not read yet."
        )
        context.say(screen.grade(now.grade, look))
    if now.done:
        context.say(f"\nIt goes into your submission: {command('submit')}")
        context.say(f"Another pull request: {command('review --again')}")
    else:
        context.say("\nIn a terminal you are asked line by line. Here, answer by a file:")
        context.say(f"  {command('review --format json')}   # what is asked, the hunks included")
        context.say(f"  {command('review --answers FILE')}   # {action.FORM}")


def _yes_or_no(context: Context, question: str) -> bool:
    while (typed := _typed(context, question).lower()) not in ("y", "yes", "n", "no"):
        context.say("  y or n, please; q stops.")
    return typed[0] == "y"


def _typed(context: Context, question: str) -> str:
    context.stdout.write(question)
    context.stdout.flush()
    line = context.stdin.readline()
    if not line or line.strip().lower() == "q":
        raise _Stopped
    return line.strip()


def _read(context: Context, name: str) -> str:
    if name == "-":
        return context.stdin.read()
    try:
        return (context.cwd / Path(name)).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{name} cannot be read: {error}.", "Give the path of a JSON file.") from error
