"""The transcripts that are kept in the corpus: what a learner sees of every mutant, one file an activity."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from workshop.author.corpus import corpus, corpus_root
from workshop.author.proof import Proof

FILE = "transcripts.txt"
_TIMELINE = re.compile(r"^  What happened\n(?:.+\n)+", re.MULTILINE)
_HEAD = """\
What a learner sees of each mutant of Activity {}: the screen of the check that failed, and its hints.
Written by `workshop author verify --accept`. Times and words made up for one run are left out.

"""


def differing(proof: Proof) -> str:
    """How the transcript of a mutant differs from the one that is kept, in short; empty if it does not.

    Its timeline is not compared: in what order a set is cleared, or how often a counter is asked, is chance.
    """
    kept = _kept(_activity(proof.job.id)).get(proof.job.id, "")
    old, new = _TIMELINE.sub("", kept), _TIMELINE.sub("", proof.transcript)
    if old == new:
        return ""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    changed = [line for line in lines if line[:3] not in ("---", "+++", "@@ ")]
    return "the transcript is another one (--accept takes it): " + " | ".join(changed[:6])


def accept_all(proofs: Iterable[Proof]) -> Iterator[Path]:
    """Keep the transcripts of `proofs`, and those of all other mutants that there are; the files written.

    A mutant that falls short keeps the transcript that it had: its screen is not what a learner should see.
    """
    fresh = {proof.job.id: proof.transcript for proof in proofs if proof.transcript and not proof.short}
    mutants = corpus().mutants
    for number in sorted({mutant.activity for mutant in mutants}):
        known = {**_kept(number), **fresh}
        texts = [known[each.id] for each in mutants if each.activity == number and each.id in known]
        if any(each.id in fresh for each in mutants if each.activity == number):
            file = corpus_root() / f"activity-{number}" / FILE
            file.write_text(_HEAD.format(number) + "\n".join(texts), encoding="utf-8")
            yield file
    _kept.cache_clear()


@cache
def _kept(number: int) -> dict[str, str]:
    """The kept transcripts of an activity, by the id of the mutant."""
    file = corpus_root() / f"activity-{number}" / FILE
    if not file.is_file():
        return {}
    parts = re.split(r"(?m)^(?=## m\d+: )", file.read_text(encoding="utf-8"))[1:]
    return {part[3 : part.index(":")]: part.strip("\n") + "\n" for part in parts}


@cache
def _activity(id: str) -> int:
    return next(mutant.activity for mutant in corpus().mutants if mutant.id == id)
