"""The four trees behave: the proof that the checks are neither too hard nor too easy."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from grader.result import Fault, Outcome, Result, Tier
from workshop.author.corpus import corpus_root
from workshop.author.corpus_judge import CorpusJudge, plan_of
from workshop.author.proof import Job, Proof
from workshop.author.proofs import grader_faults, outcomes
from workshop.author.recipe import STARTER, Recipe
from workshop.author.trees import TreeKind
from workshop.course.load import load

NAMES = (STARTER, TreeKind.CORE.value, TreeKind.LETTER.value, TreeKind.REFERENCE.value)


def letter_fails(number: int) -> dict[str, str]:
    """The challenges that the handout's own code fails in an activity, each with its failure mode."""
    return {check.id: check.letter for check in load(number).checks if check.letter is not None}


def _trees() -> dict[str, Any]:
    return tomllib.loads((corpus_root() / "trees.toml").read_text(encoding="utf-8"))


def prove_tree(job: Job, judge: CorpusJudge) -> Proof:
    """The id of the job is `letter-5`: the tree with the edits through Activity 5, judged in that one."""
    name, _, digits = job.id.rpartition("-")
    number = int(digits)
    project = judge.write(Recipe(name, number))
    result = judge.judge(project, plan_of(project, number))
    short = [*_behaves(name, number, result), *grader_faults(result)]
    return Proof(job, tuple(short), outcomes=outcomes(result))


def _behaves(name: str, number: int, result: Result) -> Iterator[str]:
    core, challenge = _failing(result, Tier.CORE), _failing(result, Tier.CHALLENGE)
    if name == STARTER:
        if result.outcome is Outcome.PASSED:
            yield f"the starter passes activity {number}"
        for id in sorted(set(_trees()["starter"]["fails"]) - core.keys()):
            yield f"the starter does not fail {id}"
        return
    for id, seen in core.items():
        yield f"{id} (core) fails: {seen}"
    if name == TreeKind.LETTER:
        listed = letter_fails(number)
        found = {each.id: each.how for each in result.checks if each.id in challenge}
        for id in sorted(found.keys() | listed.keys()):
            if found.get(id) != listed.get(id):
                yield f"the letter fails {id} as {found.get(id)!r}, and checks.toml says {listed.get(id)!r}"
        for each in result.checks:
            if each.fault not in (None, Fault.CODE):
                yield f"{each.id} puts the fault on {each.fault}"
    elif name == TreeKind.REFERENCE:
        for id, seen in challenge.items():
            yield f"{id} (challenge) fails: {seen}"


def _failing(result: Result, tier: Tier) -> dict[str, str]:
    """What was seen in each check of a tier that failed or broke."""
    return {
        each.id: each.seen
        for each in result.checks
        if each.tier is tier and each.outcome in (Outcome.FAILED, Outcome.ERROR)
    }
