"""A judge for whatever was handed in: it stages the project, and judges it in the outer jail."""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from grader.boundary import outer_jail, replies
from grader.boundary.getting_a_jail import no_jail
from grader.boundary.judge_process import JudgeProcess
from grader.boundary.orders import Cancel, Connected, Order
from grader.boundary.outer_jail import OuterJail
from grader.errors import CodeError, ExitStatus, GraderError, MachineError, UsageError, WorkshopError
from grader.plan import Plan
from grader.result import Fault, LeftOut, Outcome, Result, Verdict, outcome_of
from grader.sandbox.errors import Cancelled
from grader.sandbox.hosting.launch import Limits
from grader.servers.connection_check import ConnectionReport, check_connection
from grader.servers.private import short_folder
from grader.staging.stage import Stage
from grader.staging.staged import StagedBefore
from grader.submission import Submission

if TYPE_CHECKING:
    from grader.judge.judge import Judge

Report = Callable[[Verdict], None]
Stop = threading.Event

WILLING = 0.6
"""Seconds that a cancelled run may take to end before everything in the jail is killed."""

_ERRORS: dict[ExitStatus, type[WorkshopError]] = {
    ExitStatus.CODE: CodeError,
    ExitStatus.USAGE: UsageError,
    ExitStatus.ENVIRONMENT: MachineError,
    ExitStatus.OURS: GraderError,
}


class ConfinedJudge:
    """A context manager that judges submissions as `Judge` does, which runs in the outer jail.

    `limits`, `jail`, `snapshots` and `hidden` are those of `Judge`. Where the system has no jail, and none is
    insisted on, the judge runs in this process, and `warn` is called before it does. `connect` asks the Redis
    of the learner's own machine, for a submission that is one's own.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        jail: bool | None = None,
        snapshots: Path | None = None,
        *,
        hidden: Sequence[Path],
        connect: Callable[[str], ConnectionReport] = check_connection,
        warn: Callable[[], None] = lambda: None,
    ) -> None:
        self._limits = limits
        self._jail = jail
        self._snapshots = snapshots
        self._hidden = tuple(hidden)
        self._connect = connect
        self._warn = warn
        self._process: JudgeProcess | None = None
        self._unconfined: Judge | None = None
        self._begun: Submission | None = None
        self._judged: Submission | None = None
        self._number = 0
        self._idle = threading.Event()
        self._idle.set()

    def __enter__(self) -> Self:
        self._scratch = short_folder("workshop-", "stage")
        self._scratch.chmod(0o711)  # whoever the judge is inside, it comes to the stage
        self._stage = Stage(self._scratch / "stage")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        if self._unconfined:
            self._unconfined.__exit__(kind, error, trace)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def begin(self, submission: Submission) -> None:
        """Start the jail for a submission, without waiting: that takes as long as to make a plan."""
        if self._jail is False or self._unconfined or self._process:
            return
        for way in outer_jail.ways()[:1]:
            self._process = self._launched(way, submission)

    def judge(
        self, submission: Submission, plan: Plan, report: Report | None = None, stop: Stop | None = None
    ) -> Result:
        """Run the checks of `plan` on `submission`; see `Judge.judge`.

        A run that takes too much is a result, too: the check that ran has failed.
        """
        self._idle.clear()
        try:
            process = self._started(submission)
            if process is None:
                return self._without_jail().judge(submission, plan, report, stop)
            return self._run(process, submission, plan, report or (lambda verdict: None), stop)
        except BaseException:
            self._end()
            raise
        finally:
            self._idle.set()

    def cancel(self, stop: Stop) -> None:
        """Cancel the run with this `stop`, even before it begins. Any thread may call this."""
        stop.set()
        if self._unconfined:
            self._unconfined.cancel(stop)
        elif (process := self._process) and not self._idle.is_set():
            process.send(Cancel(self._number))
            if not self._idle.wait(WILLING):
                process.kill()

    @property
    def most_memory(self) -> int:
        """Bytes that the judge, its servers and the project took when they took most; 0 without a jail."""
        return self._process.most_memory if self._process else 0

    def _run(
        self, process: JudgeProcess, submission: Submission, plan: Plan, report: Report, stop: Stop | None
    ) -> Result:
        current = submission == self._judged and self._stage.is_current()
        if not current:
            self._judged = None
            self._stage.make(submission.root)
            self._judged = submission
        self._number += 1
        order = self._order(submission, plan, current)
        verdicts: list[Verdict] = []
        try:
            for reply in process.run(order):
                if stop and stop.is_set():
                    process.send(Cancel(order.number))
                    stop = None
                match reply:
                    case replies.Judged(verdict):
                        verdicts.append(_planned(verdict, plan))
                        report(verdicts[-1])
                    case replies.Connect(url) if submission.own:
                        process.send(Connected(self._connect(url)))
                    case replies.Cancelled(number) if number == order.number:
                        raise Cancelled
                    case replies.Refused(status, sentence, remedy):
                        raise _ERRORS[ExitStatus(status)](sentence, remedy)
                    case replies.Finished(number, result) if number == order.number:
                        return _checked(result, plan, self._stage.missed)
        except (EOFError, replies.BadReply) as error:
            if stop and stop.is_set():
                raise Cancelled from error
            self._end()
            return _broken_off(plan, verdicts, process, report)
        raise AssertionError("the replies of a run have no end")

    def _order(self, submission: Submission, plan: Plan, current: bool) -> Order:
        stage = self._stage
        staged = StagedBefore(outer_jail.STAGE, stage.left_out, stage.missed, stage.repository, current)
        inside = replace(submission, root=outer_jail.STAGE)
        snapshots = outer_jail.SNAPSHOTS if self._snapshots else None
        return Order(self._number, inside, plan, staged, self._limits, snapshots)

    def _started(self, submission: Submission) -> JudgeProcess | None:
        """The process that judges; None if there is no jail, or none is wanted. Raises MachineError."""
        if self._jail is False or self._unconfined:
            return None
        if self._process and self._suits(self._process, submission):
            return self._process
        self._end()
        for way in outer_jail.ways():
            self._process = self._launched(way, submission)
            if self._process.ready():
                return self._process
            self._end()
        if self._jail:
            raise no_jail()
        return None

    def _suits(self, process: JudgeProcess, submission: Submission) -> bool:
        """Whether the jail shows what this submission needs, and no other project was in it."""
        same = self._begun is not None and self._begun.root == submission.root
        return same and process.mounts == self._mounts(submission) and process.ready()

    def _launched(self, way: OuterJail, submission: Submission) -> JudgeProcess:
        self._begun, self._judged = submission, None
        if self._snapshots:
            outer_jail.prepare(self._snapshots, way)
        return JudgeProcess(way, self._mounts(submission))

    def _mounts(self, submission: Submission) -> list[str]:
        return outer_jail.mounts(submission, self._stage.path, self._snapshots, self._hidden)

    def _without_jail(self) -> Judge:
        from grader.judge.judge import Judge  # late: it is here only where the system has no jail

        self._warn()
        if self._unconfined is None:
            self._unconfined = Judge(
                self._limits, False, self._snapshots, hidden=self._hidden, connect=self._connect
            )
        return self._unconfined

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            process.close()


@functools.cache
def has_jail() -> bool:
    """Whether this machine can make both jails: they are made to see it. Cached."""
    scratch = short_folder("workshop-", "stage")
    scratch.chmod(0o711)
    try:
        for way in outer_jail.ways():
            process = JudgeProcess(way, outer_jail.mounts(outer_jail.ours(), scratch, None, ()))
            try:
                if process.ready():
                    return True
            finally:
                process.close()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return False


def judge(
    submission: Submission,
    plan: Plan,
    report: Report | None = None,
    limits: Limits | None = None,
    jail: bool | None = None,
    snapshots: Path | None = None,
    *,
    hidden: Sequence[Path],
) -> Result:
    """Run the checks of `plan` on `submission`, once; see `ConfinedJudge`."""
    with ConfinedJudge(limits, jail, snapshots, hidden=hidden) as once:
        return once.judge(submission, plan, report)


def _planned(verdict: Verdict, plan: Plan) -> Verdict:
    """The verdict, if it is one of a planned check, and worth what that is worth. Raises BadReply."""
    planned = next((each for each in plan.checks if each.id == verdict.id), None)
    if planned is None or (verdict.tier, verdict.max_points) != (planned.tier, planned.points):
        raise replies.BadReply("a verdict of no planned check")
    if verdict.points not in (0, planned.points if verdict.outcome is Outcome.PASSED else 0):
        raise replies.BadReply("points that were not earned")
    return verdict


def _checked(result: Result, plan: Plan, missed: tuple[LeftOut, ...]) -> Result:
    """The result, if it is of this plan. Raises BadReply."""
    if result.activity != plan.activity or len(result.checks) != len(plan.checks):
        raise replies.BadReply("a result of another plan")
    verdicts = [_planned(verdict, plan) for verdict in result.checks]
    if [verdict.id for verdict in verdicts] != [planned.id for planned in plan.checks]:
        raise replies.BadReply("a result of other checks")
    outcome, fault = outcome_of(verdicts)
    return replace(result, outcome=outcome, fault=fault, jail="bubblewrap", left_out=missed)


def _broken_off(plan: Plan, verdicts: list[Verdict], process: JudgeProcess, report: Report) -> Result:
    """The result of a run that was ended: the check that ran has failed, the others wait for it."""
    seen = process.excess or "What the project sent or stored ended the process that judged it."
    done = {verdict.id: verdict for verdict in verdicts}
    first = ""
    for planned in plan.checks:
        if planned.id in done:
            continue
        verdict = Verdict(
            planned.id, planned.words.title, planned.tier, Outcome.BLOCKED, 0, planned.points, Fault.CODE
        )
        if first:
            verdict = replace(verdict, needs=(first,))
        else:
            first = planned.id
            verdict = replace(
                verdict,
                outcome=Outcome.FAILED,
                seen=str(seen),
                means="No check can go on, since the whole run was ended.",
                try_="Look for what grows or never ends: a loop, a file, a response, a key in Redis.",
            )
        done[planned.id] = verdict
        report(verdict)
    checks = tuple(done[planned.id] for planned in plan.checks)
    outcome, fault = outcome_of(checks)
    return Result(plan.activity, outcome, fault, checks=checks, jail="bubblewrap")
