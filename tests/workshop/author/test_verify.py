"""The proof itself: it is content with what is as it is listed, and says what is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.sandbox.hosting.jail import detect
from tests.workshop.cli.conftest import Run
from tests.workshop.cli.conftest import run as run_command
from tests.workshop.watch.conftest import comes, processes_of
from workshop.author.adversaries import prove_adversary
from workshop.author.corpus import Mutant, Variant, corpus
from workshop.author.corpus_judge import CorpusJudge, JudgeSetup
from workshop.author.proof import CorpusKind, Job, Proof
from workshop.author.proofs import prove_mutant, prove_variant
from workshop.author.recipe import Recipe
from workshop.author.stacks import interpreter
from workshop.author.verify import Verified, Wanted, _flaky
from workshop.course.load import activities

run = run_command


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CorpusJudge]:
    """A place to judge in."""
    shared = tmp_path_factory.mktemp("shared")
    (shared / "trees").mkdir()
    with CorpusJudge(JudgeSetup(shared)) as judge:
        yield judge


def mutant(id: str) -> Mutant:
    return next(each for each in corpus().mutants if each.id == id)


def test_a_mutant_is_killed_by_its_check_with_its_message(judge: CorpusJudge) -> None:
    proof = prove_mutant(Job(CorpusKind.MUTANT, "m18"), mutant("m18"), judge)
    assert (proof.short, proof.killed) == ((), True)
    assert "Write `if cached_data is not None:`" in proof.transcript
    assert "Hint 3" in proof.transcript


def test_a_mutant_that_comes_out_otherwise_is_told_of(judge: CorpusJudge) -> None:
    wrong = replace(
        mutant("m18"), check="L3", how="no_expiry", also={"L1": "warm"}, passes=("L4",), alone=True
    )
    told = " ".join(prove_mutant(Job(CorpusKind.MUTANT, "m18"), wrong, judge).short)
    for piece in ("L3 passed and should have failed", "L1 should have failed as 'warm'", "L4 failed too"):
        assert piece in told
    silent = replace(mutant("m18"), says="nothing of the kind", alone=True)
    (short,) = prove_mutant(Job(CorpusKind.MUTANT, "m18"), silent, judge).short
    assert "does not say 'nothing of the kind'" in short


def test_a_variant_that_fails_is_told_of(judge: CorpusJudge) -> None:
    recipe = mutant("m18").recipe
    checks = ("B3", "L4")
    failing = Variant("V0", "an empty list", 4, recipe, passes=("L4",), judged=checks)
    (short,) = prove_variant(Job(CorpusKind.VARIANT, "V0"), failing, judge).short
    assert short.startswith("L4 failed (empty_not_stored)")
    lacking = replace(failing, lacks={"L4": "empty_not_stored"})
    assert prove_variant(Job(CorpusKind.VARIANT, "V0"), lacking, judge).short == ()


@pytest.mark.skipif(detect() is None, reason="no bubblewrap")
def test_an_adversary_that_gains_or_harms_is_told_of(judge: CorpusJudge) -> None:
    known = next(each for each in corpus().adversaries if each.id == "A48")
    honest = Recipe(known.recipe.base.base if isinstance(known.recipe.base, Recipe) else "starter")
    with CorpusJudge(judge.setup) as own:
        (short,) = prove_adversary(Job(CorpusKind.ADVERSARY, "A0"), replace(known, recipe=honest), own).short
    assert short == "L2 should have failed as 'uncached' and was passed: "


def test_what_does_not_come_out_alike_is_flaky() -> None:
    first, second = Job(CorpusKind.MUTANT, "m1"), Job(CorpusKind.MUTANT, "m1", 2)
    proofs = [Proof(first, outcomes={"L1": "passed"}), Proof(second, outcomes={"L1": "failed cold"})]
    assert list(_flaky(proofs)) == ["m1: L1"]
    assert list(_flaky([proofs[0], replace(proofs[0], job=second)])) == []
    assert not Verified(Wanted((4,)), (), tuple(proofs), ("m1: L1",)).clean


def test_the_command_counts_in_json(run: Run, tmp_path: Path) -> None:
    ran = run(tmp_path, "author", "verify", "--only", "m18", "--jobs", "1", "--format", "json")
    counts = json.loads(ran.out)
    assert (ran.status, counts["clean"], counts["short"]) == (0, True, []), ran.err
    assert counts["mutants"] == {"total": 1, "killed": 1, "by_named_check": 1}
    assert (counts["activities"], counts["flaky"], counts["variants"]["total"]) == (len(activities()), 0, 0)


def test_the_pinned_stack_is_found_or_asked_for(run: Run, tmp_path: Path) -> None:
    ran = run(tmp_path, "author", "verify", "--stack", "pinned", "--python", "/bin/false")
    assert ran.status == 3
    assert "make pinned" in ran.err
    assert interpreter(pinned=False, named=None) is None


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells a process of its parent's end")
def test_a_verify_that_is_ended_leaves_nobody_behind() -> None:
    scratch = Path(tempfile.mkdtemp(prefix="v-", dir="/tmp"))
    words = [sys.executable, "-m", "workshop", "author", "verify", "--only", "m18,m19"]
    verify = subprocess.Popen(words, env={**os.environ, "TMPDIR": str(scratch)}, stdout=subprocess.DEVNULL)
    try:
        assert comes(lambda: any("unixsocket" in command for command in processes_of(scratch).values()), 30)
        verify.terminate()
        verify.wait()
        assert comes(lambda: not processes_of(scratch), 30), processes_of(scratch)
    finally:
        verify.kill()
        shutil.rmtree(scratch, ignore_errors=True)
