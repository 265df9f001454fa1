"""What was proved, in numbers: for a program, for the README, and for the last lines on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from workshop.author.content import blanks, hints
from workshop.author.proof import CorpusKind, Proof
from workshop.author.verify import Verified
from workshop.course.load import activities
from workshop.quiz.load import sheets

SCHEMA = "workshop/verify/v1"


def content_counts(numbers: Iterable[int]) -> dict[str, int]:
    """Activities, blanks, checks, questions and hints: all that can be counted without judging."""
    wanted = set(numbers)
    chosen = [each for each in activities() if each.number in wanted]
    names = {each.id for each in chosen}
    complete = len(chosen) == len(activities())
    return {
        "activities": len(chosen),
        "holes": sum(map(blanks, chosen)),
        "checks": len({check.id for each in chosen for check in each.checks}),
        "questions": sum(len(sheet.items) for sheet in sheets() if complete or sheet.id in names),
        "hints": sum(map(hints, chosen)),
    }


def to_json(verified: Verified) -> dict[str, Any]:
    """One object of `workshop/verify/v1`."""
    mutants = _items(verified.proofs, CorpusKind.MUTANT)
    variants = _items(verified.proofs, CorpusKind.VARIANT)
    adversaries = _items(verified.proofs, CorpusKind.ADVERSARY)
    return {
        "schema": SCHEMA,
        "clean": verified.clean,
        **content_counts(verified.wanted.numbers),
        "trees": _sum(_items(verified.proofs, CorpusKind.TREE), "passed"),
        "mutants": {
            "total": len(mutants),
            "killed": sum(all(proof.killed for proof in proofs) for proofs in mutants.values()),
            "by_named_check": sum(all(proof.ok for proof in proofs) for proofs in mutants.values()),
        },
        "variants": _sum(variants, "passed"),
        "adversaries": _sum(adversaries, "held"),
        "flaky": len(verified.flaky),
        "repetitions": verified.wanted.repeat,
        "short": [
            *verified.content,
            *(f"{proof.job.id}: {each}" for proof in verified.proofs for each in proof.short),
            *(f"flaky: {each}" for each in verified.flaky),
        ],
        "skipped": sorted({f"{p.job.id}: {p.skipped}" for p in verified.proofs if p.skipped}),
    }


def _items(proofs: Sequence[Proof], kind: CorpusKind) -> dict[str, list[Proof]]:
    """The proofs of each item of a kind, one a repetition."""
    found: dict[str, list[Proof]] = {}
    for proof in proofs:
        if proof.job.kind is kind:
            found.setdefault(proof.job.id, []).append(proof)
    return found


def _sum(items: dict[str, list[Proof]], word: str) -> dict[str, int]:
    return {"total": len(items), word: sum(all(proof.ok for proof in proofs) for proofs in items.values())}
