"""Judge one activity on the learner's project, and remember how it went."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import ExitStatus
from grader.plan import Plan
from grader.reading import read_bytes
from grader.result import Fault, Outcome, Result, SourceLocation, Tier, Verdict
from grader.submission import Submission
from workshop.actions.blanks import in_the_way
from workshop.actions.failing import SYNTAX
from workshop.actions.next_step import after
from workshop.actions.project import Project
from workshop.course.learner_options import learner_options
from workshop.course.load import hidden
from workshop.course.matrix import matrix
from workshop.course.model import Activity
from workshop.course.plan import plan_for
from workshop.state.folder import Notice, say_on_stderr

if TYPE_CHECKING:
    from workshop.scaffold.blanks import SyntaxProblem

SELF_CHECK = (
    "There is no jail on this machine, so your project runs as any program of yours does. "
    "That is good for a self-check."
)
UNSAFE = "This project runs without a jail, with all of your rights: it can read and change your files."

Report = Callable[[Verdict], None]
Judging = Callable[[Submission, Plan, Report | None], Result]

_STATUS = {Fault.ENVIRONMENT: ExitStatus.ENVIRONMENT, Fault.GRADER: ExitStatus.OURS}


@dataclass(frozen=True, slots=True)
class Checked:
    """How an activity came out. `go_on` is the command that comes next once it has passed."""

    activity: Activity
    result: Result
    go_on: str = ""

    @property
    def status(self) -> ExitStatus:
        """What the shell is told."""
        if self.result.outcome is Outcome.PASSED:
            return ExitStatus.OK
        return _STATUS.get(self.result.fault or Fault.CODE, ExitStatus.CODE)


def check(
    project: Project,
    activity: Activity,
    report: Report | None = None,
    judging: Judging | None = None,
    *,
    unsafe: bool = False,
    notice: Notice = say_on_stderr,
) -> Checked:
    """Judge `activity`, calling `report` with each verdict as it comes.

    `judging` is who judges; by default a judge for this one time. It judges one's own project without a jail
    where there is none, and a stranger's only if that is `unsafe`; `notice` is told before.

    While a blank is open or a file is no Python, nothing is run and the result says so. Questions were marked
    when they were answered. Raises UsageError if workshop.toml is not well formed, and MachineError if the
    judge has nothing to run on.
    """
    if activity.theory:
        result = _marked(project, activity)
    else:
        with ExitStack() as once:
            judging = judging or _begun(project, once, unsafe, notice)
            result = _refuse(project, activity) or _judged(project, activity, report, judging)
    found = matrix(result)
    project.progress.record(result, found.cells() if found else ())
    return Checked(activity, result, after(project, activity).words)


def _marked(project: Project, activity: Activity) -> Result:
    from workshop.actions.theory import theory  # it brings the questions along, which no other check wants

    return theory(project, activity)


def snapshot_folder(root: Path) -> Path:
    """Where migrated databases of the project at `root` are kept. Raises MachineError."""
    from workshop.state.folder import state_folder

    return state_folder(root) / "snapshots"


def _begun(project: Project, once: ExitStack, unsafe: bool, notice: Notice) -> Judging:
    """A judge for this one time. Its jail is made while the project's files are looked at."""
    from grader.boundary.confined_judge import ConfinedJudge

    own = project.submission.own
    judge = ConfinedJudge(
        jail=False if unsafe else None if own else True,
        snapshots=snapshot_folder(project.root) if own else None,
        hidden=hidden(),
        warn=lambda: notice(SELF_CHECK if own else UNSAFE),
    )
    once.enter_context(judge).begin(project.submission)
    return judge.judge


def _judged(project: Project, activity: Activity, report: Report | None, judging: Judging) -> Result:
    plan = _core_first(plan_for(activity, project.course, learner_options(project.root)))
    return judging(project.submission, plan, report)


def _core_first(plan: Plan) -> Plan:
    """The same checks, those that decide at the front: whoever waits learns soonest what counts most."""
    return Plan(plan.activity, tuple(sorted(plan.checks, key=lambda check: check.tier is not Tier.CORE)))


def _refuse(project: Project, activity: Activity) -> Result | None:
    if error := _syntax_error(project):
        verdict = Verdict(
            id=SYNTAX,
            title="Every file can be read as Python",
            tier=Tier.CORE,
            outcome=Outcome.FAILED,
            fault=Fault.CODE,
            seen=f"{error.file}{f', line {error.line}' if error.line else ''}: {error.message}",
            means="Python cannot read this file, so nothing of your project can run.",
            try_="Look at that line and the one above it for a missing bracket, colon or quote."
            if error.line
            else "Save it again in your editor, as plain text in UTF-8.",
            where=SourceLocation(error.file, error.line) if error.line else None,
        )
        return Result(activity.id, Outcome.FAILED, Fault.CODE, checks=(verdict,))
    if blanks := in_the_way(project.root, activity, project.course):
        return Result(activity.id, Outcome.FAILED, Fault.CODE, blanks=blanks)
    return None


def _syntax_error(project: Project) -> SyntaxProblem | None:
    """The first file that would stop the project: in a package, or manage.py. Loose scripts do not."""
    from workshop.scaffold.blanks import syntax_errors

    for problem in syntax_errors(project.root):
        path = project.root / problem.file
        needed = problem.file == "manage.py" or (path.parent / "__init__.py").is_file()
        if needed and not _their_python_reads(project.submission, path):
            return problem
    return None


def _their_python_reads(submission: Submission, file: Path) -> bool:
    """Whether the learner's interpreter, perhaps newer than ours, can parse `file`. Nothing of it is run."""
    if submission.python == Path(sys.executable):
        return False
    from grader.sandbox.hosting.ask_interpreter import ask
    from grader.sandbox.hosting.jail import detect

    code = "import ast, sys; ast.parse(sys.stdin.buffer.read())"
    try:
        return ask(submission, detect(), code, given=read_bytes(file)) is not None
    except OSError:
        return False
