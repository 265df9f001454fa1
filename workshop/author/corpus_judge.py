"""Where the projects of the corpus are written and judged: one folder, one interpreter, trees built once."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from grader.boundary.confined_judge import judge
from grader.checks import specs
from grader.errors import GraderError
from grader.plan import Plan, in_order
from grader.result import Outcome, Result, Tier, Verdict
from grader.sandbox.hosting.launch import Limits
from grader.sandbox.hosting.sandbox import SOCKET
from grader.servers.private import short_folder
from grader.submission import find
from workshop.author.recipe import Recipe, Trees
from workshop.course.learner_options import learner_options
from workshop.course.load import activities, hidden, load
from workshop.course.plan import plan_for, planned


@dataclass(frozen=True, slots=True)
class JudgeSetup:
    """What a CorpusJudge is made of. Trees and migrated databases may be shared by several of them.

    `python` is the learner's interpreter, None for our own; `jail` as in `grader.judge.judge`.
    """

    shared: Path
    python: Path | None = None
    jail: bool | None = None

    @property
    def trees(self) -> Trees:
        """The trees that all of them copy from."""
        return Trees(self.shared / "trees")


def proof_folder() -> Path:
    """A new folder for temporary files of a proof."""
    return short_folder("proof-", f"s/workshop-12345678/{SOCKET}")


class CorpusJudge:
    """A context manager with a folder of its own. All that is started meanwhile lies below it."""

    def __init__(self, setup: JudgeSetup) -> None:
        self.setup = setup
        self._numbers = itertools.count()

    def __enter__(self) -> Self:
        self.folder = proof_folder()
        self.scratch = self.folder / "s"
        self.scratch.mkdir()
        self._usual = tempfile.tempdir
        tempfile.tempdir = str(self.scratch)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tempfile.tempdir = self._usual
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, recipe: Recipe, in_git: bool = False) -> Path:
        """The project, in a folder of its own; in a repository with all files committed, if asked for."""
        project = recipe.write(self.folder / f"{next(self._numbers)}" / "boda", self.setup.trees)
        if in_git:
            git = ["git", "-C", str(project), "-c", "user.name=A Learner", "-c", "user.email=a@example.com"]
            for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
                subprocess.run([*git, *words], check=True, capture_output=True)
        return project

    def judge(
        self, project: Path, plan: Plan, limits: Limits | None = None, jail: bool | None = None
    ) -> Result:
        """The result of `plan` on the project."""
        return judge(
            find(project, self.setup.python),
            plan,
            limits=limits,
            jail=self.setup.jail if jail is None else jail,
            snapshots=self.setup.shared / "templates",
            hidden=hidden(),
        )


def plan_of(project: Path, number: int, ids: Iterable[str] | None = None, core: bool = True) -> Plan:
    """What is judged of `project` in activity `number`: with `ids` those, what they need, and the `core`.

    A check of a later activity comes as that one has it. Raises GraderError if a check is in none.
    """
    names = learner_options(project)
    checks = {each.id: each for each in plan_for(load(number), activities(), names).checks}
    checks = {id: each for id, each in checks.items() if not each.spec.machine_only}
    if ids is None:
        return Plan(f"activity-{number}", tuple(checks.values()))
    wanted = with_needs(ids)
    if core:
        wanted |= {check.id for check in checks.values() if check.tier is Tier.CORE}
    for activity in activities():
        for check in activity.checks:
            if check.id in wanted and check.id not in checks:
                checks[check.id] = planned(check, names)
    if lacking := wanted - set(checks):
        raise GraderError(f"No activity has the check {min(lacking)}.", "Mend the corpus.")
    # In the order of the activity: some checks go by what those before them have shown.
    return Plan(f"activity-{number}", in_order(checks[id] for id in checks if id in wanted))


def with_needs(ids: Iterable[str]) -> set[str]:
    """`ids`, and whatever they need. Raises GraderError if a check does not exist."""
    found = set(ids)
    for id in list(found):
        if id not in specs():
            raise GraderError(f"There is no check {id}.", "Mend the corpus.")
        found |= with_needs(specs()[id].needs)
    return found


def failing(result: Result) -> dict[str, str]:
    """The checks that failed and how, or that broke. Those merely blocked or skipped are not among them."""
    return {
        verdict.id: verdict.how if verdict.outcome is Outcome.FAILED else f"error: {verdict.seen}"
        for verdict in result.checks
        if verdict.outcome in (Outcome.FAILED, Outcome.ERROR)
    }


def verdict(result: Result, id: str) -> Verdict | None:
    """The verdict of one check, if it was judged."""
    return next((each for each in result.checks if each.id == id), None)


def feedback(verdict: Verdict) -> str:
    """What a learner reads about a check, on one line."""
    return " ".join(f"{verdict.seen} {verdict.means} {verdict.try_}".split())
