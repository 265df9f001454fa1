"""`quiz`: the questions of an activity, one at a time, or from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from grader.errors import ExitStatus
from workshop.cli import options
from workshop.cli.context import Context, context_with
from workshop.cli.guard import guarded

if TYPE_CHECKING:
    from workshop.actions.project import Project
    from workshop.quiz.live.laboratory import Laboratory
    from workshop.quiz.model import Sheet


@guarded
def quiz_command(
    ctx: typer.Context,
    activity: Annotated[
        str | None,
        typer.Argument(
            metavar="ACTIVITY", help="activity-4, 4, scenarios, extensions, or one question: T03."
        ),
    ] = None,
    format: options.OutputFormat = options.Format.TEXT,
    answers: Annotated[
        str | None,
        typer.Option("--answers", metavar="FILE", help='JSON: {"T03": "b", "T01": "..."}. - for the input.'),
    ] = None,
    project: options.Project = None,
    plain: options.Plain = False,
) -> None:
    """Answer the questions of an activity, one at a time. Stop and go on whenever you like."""
    from workshop.actions import quiz as action
    from workshop.actions.theory import conclude
    from workshop.cli.interview import Interview
    from workshop.quiz.live.laboratory import Laboratory
    from workshop.state.folder import state_folder

    context = context_with(ctx, project, plain)
    with (
        context.opened() as found,  # not alone: a check may run beside a quiz that is open for an hour
        Laboratory(state_folder(found.root) / "snapshots") as laboratory,
    ):
        sheet, only = action.meant(found, activity)
        if answers is not None:
            status = _from_file(context, found, sheet, answers, format, laboratory)
            conclude(found, sheet)
            raise typer.Exit(status)
        match format:
            case options.Format.TEXT:
                try:
                    Interview(context, found, sheet, laboratory).ask_all(only)
                finally:
                    standing = conclude(found, sheet)
                context.say()
                context.tell(standing.sentence)
                context.say(f"  {context.command_for(found.root)(standing.next)}")
            case options.Format.JSON:
                _as_json(context, action.listing(found, sheet))
            case _:
                assert_never(format)


def _from_file(
    context: Context,
    project: Project,
    sheet: Sheet,
    name: str,
    format: options.Format,
    laboratory: Laboratory,
) -> ExitStatus:
    from workshop.actions import quiz_file as action
    from workshop.screens import quiz as screen

    text = context.stdin.read() if name == "-" else action.read_file(context.cwd / Path(name))
    results = action.answer_all(project, sheet, text, laboratory)
    match format:
        case options.Format.TEXT:
            for result in results:
                marked = result.marked
                context.say(f"{marked.asked.item.id}  {marked.asked.item.title}: {result.says}")
                if marked.grade.reading is not None:
                    context.say(screen.read_text(marked.grade.reading, context.look))
                    context.say(f"A good answer:\n{screen.own_text(marked.asked.item.model, context.look)}")
                elif not marked.grade.empty:
                    context.say(screen.feedback(marked, context.look))
                context.say()
        case options.Format.JSON:
            _as_json(context, action.to_json(sheet, results))
        case _:
            assert_never(format)
    return ExitStatus.OK if all(result.done for result in results) else ExitStatus.CODE


def _as_json(context: Context, value: object) -> None:
    import json

    context.say(json.dumps(value, indent=2))
