"""Turns the exception of a check into a verdict."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from grader.errors import MachineError
from grader.plan import PlannedCheck
from grader.result import Event, Fault, Outcome, Tier, Verdict
from grader.sandbox import errors
from grader.sandbox.errors import SandboxError
from grader.spec import CheckFailed, NotApplicable

log = logging.getLogger(__name__)

MAX_SEEN = 1000
_BROKEN_FILE = (
    "locked",
    "readonly",
    "unable to open",
    "disk I/O",
    "malformed",
    "not a database",
    "no such table",
    "interrupted",
    "too big",
)
"""Messages of SQLite for a database that the project has damaged or filled, not for a wrong statement."""


def verdict_of(
    planned: PlannedCheck, error: BaseException | None, evidence: tuple[Event, ...] = ()
) -> Verdict:
    """Return the verdict of a check that ran; `error` is the exception that it raised, or None."""
    verdict = _plain(planned, Outcome.FAILED, evidence)
    if isinstance(error, sqlite3.DatabaseError) and any(word in str(error) for word in _BROKEN_FILE):
        error = errors.database_unusable(error)
    if error is None:
        return replace(verdict, outcome=Outcome.PASSED, points=planned.points)
    if isinstance(error, NotApplicable):
        return _nothing_to_judge(planned, error, verdict)
    if isinstance(error, CheckFailed):
        mode = planned.words.of(error.how)
        return replace(
            verdict,
            fault=Fault.CODE,
            seen=error.seen[:MAX_SEEN],
            means=mode.means,
            try_=mode.try_,
            how=error.how,
            where=error.where,
        )
    if isinstance(error, SandboxError):
        outcome = Outcome.FAILED if error.fault is Fault.CODE else Outcome.ERROR
        return replace(
            verdict,
            outcome=outcome,
            fault=error.fault,
            seen=error.seen[:MAX_SEEN],
            means=error.means or planned.words.means,
            try_=error.try_ or planned.words.try_,
            where=error.where,
        )
    if isinstance(error, MachineError):
        return replace(
            verdict, outcome=Outcome.ERROR, fault=Fault.ENVIRONMENT, seen=error.sentence, try_=error.remedy
        )
    log.error("check %s broke", planned.id, exc_info=error)
    return replace(
        verdict,
        outcome=Outcome.ERROR,
        fault=Fault.GRADER,
        seen=f"this check of the workshop broke: {type(error).__name__}: {error}"[:MAX_SEEN],
        means="That is a fault of the workshop, not of your code.",
        try_="Run the check again; if it stays, tell your instructor.",
    )


def verdict_of_needs(planned: PlannedCheck, so_far: Mapping[str, Verdict]) -> Verdict | None:
    """Return the verdict of a check that needs one which did not pass; None if it can run."""
    for need in planned.spec.needs:
        needed = so_far[need]
        if needed.outcome is Outcome.SKIPPED:
            return replace(
                _plain(planned, Outcome.SKIPPED),
                seen=f"not applicable: {need} was skipped",
                needs=(need,),
            )
        if needed.outcome is not Outcome.PASSED:
            return replace(
                _plain(planned, Outcome.BLOCKED),
                fault=needed.fault,
                seen=f"not run: it needs {need} ({needed.title}), which did not pass",
                means="There is nothing to look at before that works.",
                try_=f"Mend {need} first.",
            )
    return None


def _nothing_to_judge(planned: PlannedCheck, error: NotApplicable, verdict: Verdict) -> Verdict:
    """Skipped, or failed if it is of the core and the project may not lack what it judges."""
    if planned.tier is not Tier.CORE or (planned.optional and not error.try_):
        return replace(verdict, outcome=Outcome.SKIPPED, seen=f"not applicable: {error.reason}")
    ours = error.fault is Fault.CODE
    return replace(
        verdict,
        outcome=Outcome.FAILED if ours else Outcome.ERROR,
        fault=error.fault,
        seen=error.reason,
        means="There is nothing to judge, and no check of the core passes by that." if ours else "",
        try_=error.try_ or "Let the project have what is missing, and check again.",
    )


def _plain(planned: PlannedCheck, outcome: Outcome, evidence: tuple[Event, ...] = ()) -> Verdict:
    return Verdict(
        planned.id,
        planned.words.title,
        planned.tier,
        outcome,
        max_points=planned.points,
        needs=planned.spec.needs,
        evidence=evidence,
    )
