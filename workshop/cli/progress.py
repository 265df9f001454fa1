"""`progress`, and bare `workshop`: where am I, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from grader.errors import UsageError
from workshop.cli import options
from workshop.cli.context import Context, context_with
from workshop.cli.guard import explain, guarded
from workshop.screens.progress import Line, progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from workshop.actions.next_step import NextStep
    from workshop.actions.progress import Row


@guarded
def progress_command(
    ctx: typer.Context, project: options.Project = None, plain: options.Plain = False
) -> None:
    """All activities: passed, points, checks and hints; at last the freshness matrix, if there is one."""
    from workshop.actions.next_step import next_step
    from workshop.actions.progress import activity_rows
    from workshop.course.matrix import matrix_of_cells
    from workshop.screens.matrix import matrix

    context = context_with(ctx, project, plain)
    with context.opened() as found:
        rows = activity_rows(found)
        freshness = matrix_of_cells(found.progress.cells())
        step, command = next_step(found), context.command_for(found.root)
    context.say(progress([_line(row) for row in rows], context.look))
    if freshness:
        context.say(matrix(freshness, context.look))
    _say_next(context, step, command)


def where_am_i(context: Context) -> None:
    """The screen of bare `workshop`."""
    from workshop.actions.next_step import next_step
    from workshop.actions.progress import ActivityStatus, activity_rows

    context.say(context.look.paint("SafeBoda caching workshop", "bold"))
    try:
        with context.opened() as found:
            rows = activity_rows(found)
            step, root = next_step(found), found.root
    except UsageError as error:
        context.say(f"\n{explain(error)}")
        context.say(f"\nNo project yet? Make one:\n  {context.program} init")
        context.say(f"\nAll commands:\n  {context.program} --help")
        return
    command = context.command_for(root)
    context.say(f"Project: {root}\n")
    context.say(progress([_line(row) for row in rows], context.look))
    _say_next(context, step, command)
    theory = next(
        (row for row in rows if row.activity.theory and row.state is not ActivityStatus.PASSED), None
    )
    if theory is not None and theory.activity.id not in step.words:
        minutes = theory.activity.minutes
        context.say(f"Open as well, without any code ({minutes} minutes):")
        context.say(f"  {command(f'quiz {theory.activity.id}')}")


def _say_next(context: Context, step: NextStep, command: Callable[[str], str]) -> None:
    context.say(f"\n{step.why} Next:" if step.why else "\nNext:")
    context.say(f"  {command(step.words)}")


def _line(row: Row) -> Line:
    remarks = []
    if row.failing:
        remarks.append(f"{row.failing} did not pass in the last check")
    if row.revealed:
        remarks.append("solution shown")
    return Line(
        number=row.activity.number,
        title=row.activity.title,
        state=row.state.value,
        points=f"{row.points}/{row.max_points}",
        attempts=row.attempts,
        hints=row.hints,
        remark=", ".join(remarks),
    )
