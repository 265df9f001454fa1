"""`doctor`: whether the machine has what the project needs."""

from __future__ import annotations

import typer

from grader.errors import ExitStatus
from workshop.cli import options
from workshop.cli.context import context_with
from workshop.cli.guard import guarded


@guarded
def doctor_command(
    ctx: typer.Context,
    project: options.Project = None,
    python: options.Python = None,
    plain: options.Plain = False,
) -> None:
    """Look whether all is here that your project needs."""
    from workshop.actions.doctor import doctor
    from workshop.screens.doctor import finding

    context = context_with(ctx, project, plain, python)
    standing_in = context.cwd if context.project else None
    report = doctor(context.start, context.python, standing_in=standing_in)
    for each in report.findings:
        context.say(finding(each.what, each.state.value, each.sentence, each.remedy, context.look))
    context.say("\nAll is well." if report.ok else "\nPut right what is marked, from the top down.")
    if not report.ok:
        raise typer.Exit(ExitStatus.ENVIRONMENT)
