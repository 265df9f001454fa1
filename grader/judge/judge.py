"""From a submission and a plan to a result."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from grader.plan import Plan
from grader.result import Fault, Outcome, Result, Tier, Verdict
from grader.stand.further import Further
from grader.stand.host import Host
from grader.stand.process import Limits
from grader.stand.trouble import StandTrouble
from grader.submission import Submission


def judge(
    submission: Submission,
    plan: Plan,
    report: Callable[[Verdict], None] | None = None,
    limits: Limits | None = None,
    jail: bool | None = None,
    templates: Path | None = None,
) -> Result:
    """Run the checks of `plan` on `submission`. `report` is called with each verdict as it comes.

    `limits` are how long the project may take, the usual ones by default. With a `jail` the project is
    confined; by default it is wherever the system can do that. In the folder `templates` migrated databases
    are kept for the next run.

    Raises MachineError if there is no server to run, no jail though it was asked for, or the project cannot
    be copied, and GraderError if the plan names a check that does not exist. Whatever the learner's code
    does becomes a verdict.
    """
    began = time.monotonic()
    with Host(submission, limits, jail, templates, _further(plan)) as host:
        # Imported late, since pytest takes as long to import as the project to load: side by side.
        from grader.judge.run import run_checks

        verdicts = run_checks(host, plan, report or (lambda verdict: None))
        versions = _versions(host)
    outcome, fault = outcome_of(verdicts)
    return Result(
        plan.activity,
        outcome,
        fault,
        checks=tuple(verdicts),
        jail=host.jail,
        versions=versions,
        duration_ms=(time.monotonic() - began) * 1000,
    )


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


def _further(plan: Plan) -> Further | None:
    """The servers that the checks of Activity 8 want beside the run's own."""
    production = {planned.id for planned in plan.checks if re.fullmatch(r"R\d", planned.id)}
    return Further(cluster="R8" in production) if production else None


def _versions(host: Host) -> Mapping[str, str]:
    try:
        reported = host.description()["versions"]
    except StandTrouble:
        reported = {}
    return {**{str(name): str(text) for name, text in reported.items()}, "server": host.server_version}
