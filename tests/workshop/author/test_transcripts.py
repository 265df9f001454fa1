"""Two runs of the same mutant show the same: what is chance in them is not compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop.author import transcripts
from workshop.author.proof import CorpusKind, Job, Proof
from workshop.author.transcript import comparable

KEPT = """\
## m18: an empty list is no hit
L4  An empty list is cached too
  Seen   the third GET asked the database
  What happened
    … ms redis    GET :1:user_list hit
                     (17 more lines)
    … ms redis    DEL :1:user:1 1

  Hint 1  What does the cache return?
"""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "  What happened\n   904.2 ms redis    GET a hit\n",
            "  What happened\n   26.82 s redis    GET a hit\n",
        ),
        ("SET :1:user_xd881a466f828@example.com", "SET :1:user_x4a6364dfe600@example.com"),
        ("SET :1:warmed_1795867340.546988 1 B PX 1", "SET :1:warmed_1795867341.1 12 B PX 1"),
        ("the last one is: users: 3635.5838s", "the last one is: users: 12.0001s"),
        ("GET :1:list_2026-11-28 11:35:41.789755+00:00", "GET :1:list_2026-11-29 02:04:17.201468+00:00"),
        ("one answer in 4 was made 60 ms late", "one answer in 4 was made 500 ms late"),
        ("of 300 keys 100 were kept, and 100 were found", "of 300 keys 106 were kept, and 106 were found"),
        (
            "EXISTS :1:django.contrib.sessions.cachew1ya99v1dykrb4hc5emtt2guncvt",
            "EXISTS :1:django.contrib.sessions.cachel7jf518s30juwwl12z8wsqgvwqlz",
        ),
    ],
)
def test_what_one_run_makes_up_is_left_out(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    "text", ["12 queries for 5 rows", "of 3 rows 2 were shown", "GET /api/users/3/ → 404", "PX 300000"]
)
def test_what_a_learner_goes_by_stays(text: str) -> None:
    assert comparable(text) == f"{text}\n"


@pytest.mark.parametrize(
    ("old", "new", "differs"),
    [
        ("(17 more lines)", "(25 more lines)", False),
        ("DEL :1:user:1 1", "DEL :1:user:2 1\n    … ms redis    DEL :1:user:1 1", False),
        ("the third GET", "the second GET", True),
        ("What does the cache", "What did the cache", True),
        ("  What happened\n", "  Line   users/views.py:3\n  What happened\n", True),
    ],
)
def test_a_timeline_may_be_another_and_a_sentence_may_not(
    monkeypatch: pytest.MonkeyPatch, old: str, new: str, differs: bool
) -> None:
    monkeypatch.setattr(transcripts, "_kept", lambda number: {"m18": KEPT})
    assert old in KEPT
    found = transcripts.differing(Proof(Job(CorpusKind.MUTANT, "m18"), transcript=KEPT.replace(old, new)))
    assert bool(found) is differs


def test_a_mutant_that_falls_short_is_not_accepted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(transcripts, "corpus_root", lambda: tmp_path)
    transcripts._kept.cache_clear()
    (tmp_path / "activity-4").mkdir()
    m18, m19 = (Job(CorpusKind.MUTANT, id) for id in ("m18", "m19"))
    good = Proof(m18, transcript=KEPT)
    short = Proof(m19, ("L4 failed too",), transcript="## m19: another\nL4  ...\n")
    (file,) = transcripts.accept_all([good, short])
    assert KEPT in file.read_text(encoding="utf-8")
    assert "m19" not in file.read_text(encoding="utf-8")
    assert list(transcripts.accept_all([short])) == []
