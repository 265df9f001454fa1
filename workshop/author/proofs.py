"""Judges one item of the corpus and says what falls short of what is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grader.result import Fault, Outcome, Result, Verdict
from workshop.author.corpus import Mutant, Variant
from workshop.author.corpus_judge import CorpusJudge, failing, feedback, plan_of, verdict
from workshop.author.proof import Job, Proof
from workshop.author.transcript import transcript


def prove_mutant(job: Job, mutant: Mutant, judge: CorpusJudge) -> Proof:
    """Its named check fails as it says and tells the learner so, and no other core check fails."""
    project = judge.write(mutant.recipe, mutant.in_git)
    ids = {mutant.check, *mutant.also, *mutant.passes}
    plan = plan_of(project, mutant.activity, ids, core=not mutant.alone)
    result = judge.judge(project, plan)
    failed = failing(result)
    short = [*_named(mutant, result), *_others(mutant, result, failed), *grader_faults(result)]
    return Proof(
        job,
        tuple(short),
        killed=bool(failed),
        outcomes=outcomes(result),
        transcript=transcript(mutant, result),
    )


def _named(mutant: Mutant, result: Result) -> Iterator[str]:
    """What is amiss with the check that must find the fault."""
    named = verdict(result, mutant.check)
    if named is None or named.outcome is not Outcome.FAILED:
        yield f"{mutant.check} {named.outcome if named else 'was not judged'} and should have failed"
        if named and named.seen:
            yield f"{mutant.check} saw: {named.seen}"
        return
    if named.how != mutant.how:
        yield f"{mutant.check} failed as {named.how!r} and not as {mutant.how!r}: {named.seen}"
    if mutant.says not in feedback(named):
        yield f"{mutant.check} does not say {mutant.says!r} but: {feedback(named)}"
    if named.fault is not Fault.CODE:
        yield f"{mutant.check} puts the fault on {named.fault}"


def _others(mutant: Mutant, result: Result, failed: Mapping[str, str]) -> Iterator[str]:
    """The other checks that did not come out as they are listed."""
    for id, how in mutant.also.items():
        if failed.get(id) != how:
            yield f"{id} should have failed as {how!r} and {_came(verdict(result, id), failed)}"
    for each in result.checks:
        if each.id in (mutant.check, *mutant.also):
            continue
        if each.id in failed:
            yield f"{each.id} failed too ({each.how}): {each.seen}"
        elif each.id in mutant.passes and each.outcome is not Outcome.PASSED:
            yield f"{each.id} should have passed and was {each.outcome}: {each.seen}"


def _came(found: Verdict | None, failed: Mapping[str, str]) -> str:
    if found is None:
        return "was not judged"
    return f"failed as {failed[found.id]!r}" if found.id in failed else f"was {found.outcome}"


def prove_variant(job: Job, variant: Variant, judge: CorpusJudge) -> Proof:
    """It passes all core and challenge of its activity and of all earlier ones, or they do not apply."""
    project = judge.write(variant.recipe)
    plan = plan_of(project, variant.activity, variant.judged or None, core=False)
    result = judge.judge(project, plan)
    short = [*_variant(variant, result), *grader_faults(result)]
    return Proof(job, tuple(short), outcomes=outcomes(result))


def _variant(variant: Variant, result: Result) -> Iterator[str]:
    for each in result.checks:
        failed = each.outcome in (Outcome.FAILED, Outcome.ERROR)
        if each.id in variant.lacks:
            if not failed or each.how != variant.lacks[each.id]:
                yield f"{each.id} should have failed as {variant.lacks[each.id]!r} and was {each.outcome}"
        elif failed:
            yield f"{each.id} failed ({each.how}): {each.seen}"
        elif each.id in variant.passes and each.outcome is not Outcome.PASSED:
            yield f"{each.id} should have passed and was {each.outcome}: {each.seen}"


def grader_faults(result: Result) -> Iterator[str]:
    """Checks of ours that broke."""
    for each in result.checks:
        if each.fault is Fault.GRADER:
            yield f"{each.id} broke: {each.seen}"


def outcomes(result: Result) -> dict[str, str]:
    """Each check and how it came out, for comparing."""
    return {each.id: f"{each.outcome} {each.how}".strip() for each in result.checks}
