"""Proves the course: what it says, and what the judge says of every item of the corpus."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from grader.errors import WorkshopError
from grader.probe.confine import die_with_parent
from workshop.author.adversaries import prove_adversary
from workshop.author.content import every_check_has_a_mutant, templates_unify, words_are_there
from workshop.author.corpus import Adversary, Corpus, Mutant, Variant, corpus
from workshop.author.corpus_judge import CorpusJudge, JudgeSetup, proof_folder
from workshop.author.coverage import uncovered
from workshop.author.proof import CorpusKind, Job, Proof
from workshop.author.proofs import prove_mutant, prove_variant
from workshop.author.trees_hold import NAMES, prove_tree
from workshop.course.load import activities

Item = TypeVar("Item", Mutant, Variant, Adversary)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be proved: activities by number, item ids (none: all), and how often each."""

    numbers: tuple[int, ...]
    only: frozenset[str] = frozenset()
    repeat: int = 1
    jobs: int = 2
    python: Path | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What was proved. `content` are the shortcomings that no run was needed for.

    `flaky` are the items whose repetitions did not come out alike.
    """

    wanted: Wanted
    content: tuple[str, ...]
    proofs: tuple[Proof, ...]
    flaky: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing falls short. What was skipped by name does not count."""
        return not self.content and not self.flaky and all(not proof.short for proof in self.proofs)


def content_shortcomings(numbers: Iterable[int]) -> Iterator[str]:
    """What falls short of the activities themselves: words, templates, mutants, what the handout asks."""
    wanted = set(numbers)
    chosen = tuple(each for each in activities() if each.number in wanted)
    for activity in chosen:
        yield from templates_unify(activity)
        yield from words_are_there(activity)
    yield from every_check_has_a_mutant(chosen, corpus())
    yield from uncovered({each.number for each in chosen})


def jobs_for(wanted: Wanted) -> list[Job]:
    """Every item to judge, the slow ones first, and as often as asked."""
    found = corpus()
    items = [(CorpusKind.ADVERSARY, each.id, each.activity) for each in found.adversaries]
    items += [(CorpusKind.VARIANT, each.id, each.activity) for each in found.variants]
    items += [(CorpusKind.TREE, f"{name}-{n}", n) for n in wanted.numbers if n > 1 for name in NAMES]
    items += [(CorpusKind.MUTANT, each.id, each.activity) for each in found.mutants]
    return [
        Job(kind, id, round)
        for round in range(1, wanted.repeat + 1)
        for kind, id, number in items
        if number in wanted.numbers and (not wanted.only or id in wanted.only)
    ]


def verify(
    wanted: Wanted,
    report: Callable[[Proof], None],
    compare: Callable[[Proof], str] | None = None,
) -> Verified:
    """Prove what is wanted, calling `report` with each proof as it comes. Raises WorkshopError.

    `compare` says what is amiss with the transcript of a mutant, or nothing.
    Each item is judged in a process of its own pool, so that what one does to its process harms no other.
    """
    content = () if wanted.only else tuple(content_shortcomings(wanted.numbers))
    jobs = jobs_for(wanted)
    shared = proof_folder()
    setup = JudgeSetup(shared, wanted.python)
    try:
        _build_trees(jobs, setup, corpus())
        proofs = tuple(_prove_all(jobs, setup, wanted.jobs, report, compare))
    finally:
        shutil.rmtree(shared, ignore_errors=True)
    return Verified(wanted, content, proofs, tuple(_flaky(proofs)))


def _build_trees(jobs: Sequence[Job], setup: JudgeSetup, found: Corpus) -> None:
    """Build every tree that is needed, before several processes want the same one."""
    (setup.shared / "trees").mkdir()
    (setup.shared / "templates").mkdir()
    ids = {job.id for job in jobs}
    recipes = {each.id: each.recipe for each in found.mutants}
    recipes |= {each.id: each.recipe for each in found.variants}
    recipes |= {each.id: each.recipe for each in found.adversaries}
    needed = {need for id, recipe in recipes.items() if id in ids for need in recipe.needs()}
    needed |= {(job.id.rpartition("-")[0], int(job.id.rpartition("-")[2])) for job in jobs if "-" in job.id}
    for name, through in sorted(needed):
        setup.trees.tree(name, through)


def _begin_worker(parent: int) -> None:
    logging.disable(logging.CRITICAL)
    die_with_parent()  # it waits for jobs on a pipe that it holds open itself
    if os.getppid() != parent:  # gone already
        os._exit(1)


def _prove_all(
    jobs: Sequence[Job],
    setup: JudgeSetup,
    workers: int,
    report: Callable[[Proof], None],
    compare: Callable[[Proof], str] | None,
) -> Iterator[Proof]:
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin_worker, (os.getpid(),)) as pool:
        waiting = [pool.submit(prove, job, setup) for job in jobs]
        try:
            for each in as_completed(waiting):
                proof = each.result()
                if compare and proof.transcript and (amiss := compare(proof)):
                    proof = replace(proof, short=(*proof.short, amiss))
                report(proof)
                yield proof
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def prove(job: Job, setup: JudgeSetup) -> Proof:
    """Judge one item, in a process of the pool."""
    found = corpus()
    try:
        with CorpusJudge(setup) as judge:
            match job.kind:
                case CorpusKind.TREE:
                    return prove_tree(job, judge)
                case CorpusKind.MUTANT:
                    return prove_mutant(job, _by_id(found.mutants, job.id), judge)
                case CorpusKind.VARIANT:
                    return prove_variant(job, _by_id(found.variants, job.id), judge)
                case CorpusKind.ADVERSARY:
                    return prove_adversary(job, _by_id(found.adversaries, job.id), judge)
    except WorkshopError as error:
        return Proof(job, (error.sentence,))
    except Exception as error:  # ours: the other items go on
        return Proof(job, (f"the judge broke: {type(error).__name__}: {error}",))


def _by_id(items: Sequence[Item], id: str) -> Item:
    return next(each for each in items if each.id == id)


def _flaky(proofs: Iterable[Proof]) -> Iterator[str]:
    """The items of which two repetitions came out differently, and in which checks."""
    first: dict[str, Proof] = {}
    told: set[str] = set()
    for proof in proofs:
        known = first.setdefault(proof.job.id, proof)
        if known.outcomes != proof.outcomes and proof.job.id not in told:
            told.add(proof.job.id)
            ids = known.outcomes.keys() | proof.outcomes.keys()
            differ = sorted(id for id in ids if known.outcomes.get(id) != proof.outcomes.get(id))
            yield f"{proof.job.id}: {', '.join(differ)}"
