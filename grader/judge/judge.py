"""From a submission and a plan to a result."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from grader.plan import Plan
from grader.result import Fault, Outcome, Result, Tier, Verdict
from grader.sandbox.errors import Cancelled, SandboxError
from grader.sandbox.hosting.extra_servers import ExtraServers
from grader.sandbox.hosting.launch import Limits
from grader.sandbox.hosting.sandbox import Sandbox
from grader.spec import ExtraServer
from grader.submission import Submission

if TYPE_CHECKING:
    from grader.judge.run import Checks

Report = Callable[[Verdict], None]
Stop = threading.Event

WILLING = 0.3
"""Seconds that a cancelled run may take to end before the project is killed."""


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
    """Run the checks of `plan` on `submission`, once; see `Judge`."""
    with Judge(limits, jail, snapshots, hidden=hidden) as once:
        return once.judge(submission, plan, report)


class Judge:
    """Judges submissions, one run after the other; between two runs of one it stays hosted.

    A context manager. `limits` are how long the project may take, the usual ones by default. With a `jail`
    the project is confined; by default it is wherever the system can do that: then it sees nothing in the
    folders `hidden`, such as those of the course and its answers. In the folder `snapshots` migrated
    databases are kept.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        jail: bool | None = None,
        snapshots: Path | None = None,
        *,
        hidden: Sequence[Path],
    ) -> None:
        self._limits = limits
        self._jail = jail
        self._snapshots = snapshots
        self._hidden = tuple(hidden)
        self._hosting = ExitStack()
        self._collecting = ExitStack()
        self._sandbox: Sandbox | None = None
        self._checks: Checks | None = None
        self._idle = threading.Event()
        self._idle.set()

    def judge(
        self, submission: Submission, plan: Plan, report: Report | None = None, stop: Stop | None = None
    ) -> Result:
        """Run the checks of `plan` on `submission`. `report` is called with each verdict as it comes.

        `stop` is what `cancel` ends this run by. Raises MachineError if there is no server to run, no jail
        though it was asked for, or the project cannot be copied, GraderError if the plan names a check that
        does not exist, and Cancelled. Whatever the learner's code does becomes a verdict.
        """
        began = time.monotonic()
        self._idle.clear()
        try:
            sandbox = self._hosted(submission, plan)
            checks = self._collected(plan)
            if stop and stop.is_set():
                sandbox.cancel()
            verdicts = checks.run(sandbox.project, plan, report or (lambda verdict: None))
            versions = _versions(sandbox)
            sandbox.end_if_threaded()
        except Cancelled:
            raise
        except BaseException:
            self._leave()  # nobody knows what it is good for now
            raise
        finally:
            self._idle.set()
        outcome, fault = outcome_of(verdicts)
        return Result(
            plan.activity,
            outcome,
            fault,
            checks=tuple(verdicts),
            jail="bubblewrap" if sandbox.jail else "none",
            versions=versions,
            duration_ms=(time.monotonic() - began) * 1000,
        )

    def cancel(self, stop: Stop) -> None:
        """From any thread: let the run that has this `stop` end soon, before it begins or in its midst."""
        stop.set()
        sandbox = self._sandbox
        if sandbox and not self._idle.is_set():
            sandbox.cancel()
            if not self._idle.wait(WILLING):
                sandbox.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()
        self._collecting.close()

    def _hosted(self, submission: Submission, plan: Plan) -> Sandbox:
        extra_servers = _extra_servers(plan)
        if self._sandbox and (
            extra_servers
            or self._sandbox.has_extra_servers
            or self._sandbox.submission.root != submission.root
        ):
            self._leave()
        if self._sandbox:
            self._sandbox.renew(submission)
        else:
            sandbox = Sandbox(
                submission, self._limits, self._jail, self._snapshots, extra_servers, hidden=self._hidden
            )
            self._sandbox = self._hosting.enter_context(sandbox)
        return self._sandbox

    def _leave(self) -> None:
        self._sandbox = None
        self._hosting.close()

    def _collected(self, plan: Plan) -> Checks:
        # Imported late, since pytest takes as long to import as the project to load: side by side.
        from grader.judge.run import Checks, files_of

        files = files_of(plan)
        if self._checks is None or not files <= self._checks.files:
            self._checks = None
            self._collecting.close()
            self._checks = self._collecting.enter_context(Checks(files))
        return self._checks


def outcome_of(verdicts: Sequence[Verdict]) -> tuple[Outcome, Fault | None]:
    """An activity has passed when its core has; else the gravest fault among the core decides."""
    faults = {
        verdict.fault
        for verdict in verdicts
        if verdict.tier is Tier.CORE and verdict.outcome not in (Outcome.PASSED, Outcome.SKIPPED)
    }
    if not faults:
        return Outcome.PASSED, None
    for fault in (Fault.GRADER, Fault.ENVIRONMENT):
        if fault in faults:
            return Outcome.ERROR, fault
    return Outcome.FAILED, Fault.CODE


def _extra_servers(plan: Plan) -> ExtraServers | None:
    """The servers that the checks want beside the run's own."""
    wanted = {server for planned in plan.checks for server in planned.spec.servers}
    return ExtraServers(cluster=ExtraServer.CLUSTER in wanted) if wanted else None


def _versions(sandbox: Sandbox) -> Mapping[str, str]:
    try:
        reported = sandbox.project.report()["versions"]
    except SandboxError:
        reported = {}
    return {**{str(name): str(text) for name, text in reported.items()}, "server": sandbox.server_version}
