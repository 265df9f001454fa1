"""`check`: judge an activity and show how it went."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from grader.errors import WorkshopError
from workshop.cli import options
from workshop.cli.context import Context, context_with
from workshop.cli.guard import explain, guarded

if TYPE_CHECKING:
    from grader.result import Verdict
    from workshop.actions.check import Checked
    from workshop.actions.meant import Meant
    from workshop.actions.project import Project
    from workshop.course.model import Activity

PATIENCE = 120.0
"""Seconds that a check waits for its turn, beside a `watch` or another check."""


@guarded
def check_command(
    ctx: typer.Context,
    words: options.CheckAndActivity = None,
    format: options.OutputFormat = options.Format.TEXT,
    project: options.Project = None,
    python: options.Python = None,
    plain: options.Plain = False,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Judge without a jail, also the project of a stranger.")
    ] = False,
) -> None:
    """Judge an activity by what your code does, and explain the check that is named, or the first failure.

    Without an activity: the one you started or checked last.
    """
    from workshop.actions.meant import meant

    context = context_with(ctx, project, plain, python)
    match format:
        case options.Format.TEXT:
            with context.opened(alone="workshop check", patience=PATIENCE, of_strangers=True) as found:
                checked = _as_text(context, found, meant(found, words or ()), unsafe)
        case options.Format.JSON:
            checked = _result_or_error_as_json(context, words or (), unsafe)
        case _:
            assert_never(format)
    raise typer.Exit(checked.status)


def _result_or_error_as_json(context: Context, words: Sequence[str], unsafe: bool) -> Checked:
    """One object and nothing else on stdout, even if there is nothing to judge: then the error is in it."""
    from grader.result import Fault, Outcome, Result
    from workshop.actions.check import check
    from workshop.actions.meant import meant

    try:
        with context.opened(alone="workshop check", patience=PATIENCE, of_strangers=True) as found:
            checked = check(found, meant(found, words).activity, unsafe=unsafe, notice=context.complain)
    except WorkshopError as error:
        fault = {1: Fault.CODE, 3: Fault.ENVIRONMENT, 4: Fault.GRADER}.get(error.status)
        context.say(json.dumps(Result(" ".join(words), Outcome.ERROR, fault).to_json()))
        context.complain(explain(error))
        raise typer.Exit(error.status) from None
    except Exception:
        context.say(json.dumps(Result(" ".join(words), Outcome.ERROR, Fault.GRADER).to_json()))
        raise
    context.say(json.dumps(checked.result.to_json(), indent=2, allow_nan=False))
    return checked


def _as_text(context: Context, project: Project, wanted: Meant, unsafe: bool) -> Checked:
    from grader.result import Outcome
    from workshop.actions.check import check
    from workshop.screens import result as screen

    activity = wanted.activity
    lines = screen.Lines(activity, context.look)
    console = context.console()
    context.say(f"Activity {activity.number}: {activity.title}\n")
    waiting: AbstractContextManager[object] = nullcontext()
    if context.live and not activity.theory:
        waiting = console.status("Your project runs beside a private Redis server ...")

    def report(verdict: Verdict) -> None:
        for line in lines.feed(verdict):
            console.print(line)

    with waiting:
        checked = check(project, activity, report, unsafe=unsafe, notice=context.complain)
    result = checked.result
    for line in lines.rest(result.checks):
        console.print(line)
    if result.blanks:
        console.print(screen.blanks(result, activity))
    command = context.command_for(project.root)
    for part in screen.explained(result, activity, context.look, command, wanted.check):
        console.print(part)
    console.print(screen.summary(result, activity, checked.go_on, command))
    if result.outcome is Outcome.PASSED:
        _tell_of_questions(context, project, activity)
    return checked


def _tell_of_questions(context: Context, project: Project, activity: Activity) -> None:
    from workshop.actions.quiz import open_questions  # a tenth of a second to import: not before the verdicts

    if left := open_questions(project, activity.id):
        context.say(f"Questions on it, {left} of them open, whenever you like:")
        context.say(f"  {context.command_for(project.root)(f'quiz {activity.id}')}")
