"""What the machine's side tells the judge inside the jail. Only this direction may use pickle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.plan import Plan
from grader.sandbox.hosting.launch import Limits
from grader.servers.connection_check import ConnectionReport
from grader.staging.staged import StagedBefore
from grader.submission import Submission


@dataclass(frozen=True, slots=True)
class Order:
    """Judge this. `submission` names the staged tree; `snapshots` is where migrated databases are kept."""

    number: int
    submission: Submission
    plan: Plan
    staged: StagedBefore
    limits: Limits | None
    snapshots: Path | None


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the run of this number."""

    number: int


@dataclass(frozen=True, slots=True)
class Connected:
    """What the Redis of the learner's machine answered."""

    report: ConnectionReport
