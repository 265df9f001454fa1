"""The corpus is well formed, and every project of it can be made. What the judge says of them is a proof."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.checks import specs
from grader.errors import GraderError, UsageError
from workshop.author.content import templates_unify, words_are_there
from workshop.author.corpus import corpus, corpus_root
from workshop.author.corpus_judge import with_needs
from workshop.author.new import begin
from workshop.author.recipe import Change, Recipe, Trees
from workshop.author.verify import content_shortcomings
from workshop.course.load import activities

RECIPES = {
    **{each.id: each.recipe for each in corpus().mutants},
    **{each.id: each.recipe for each in corpus().variants},
    **{each.id: each.recipe for each in corpus().adversaries},
}


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    """Trees for all projects of this module."""
    return Trees(tmp_path_factory.mktemp("trees"))


def test_every_project_can_be_made(tmp_path: Path, trees: Trees) -> None:
    for id, recipe in RECIPES.items():
        project = recipe.write(tmp_path / id, trees)
        assert (project / "manage.py").is_file()
        shutil.rmtree(project)


def test_every_check_that_is_named_exists() -> None:
    for mutant in corpus().mutants:
        with_needs((mutant.check, *mutant.also, *mutant.passes))
    for variant in corpus().variants:
        with_needs((*variant.lacks, *variant.passes))
    for adversary in corpus().adversaries:
        with_needs((*adversary.judged, *adversary.fails))
        assert set(adversary.fails) <= set(adversary.judged), adversary.id


def test_there_is_a_mutant_a_variant_and_an_adversary_in_plenty() -> None:
    assert len(corpus().mutants) > 130
    assert len(corpus().variants) > 40
    assert len(corpus().adversaries) >= 30
    assert [id for id, spec in specs().items() if spec.machine_only] == ["B1"]


def test_no_two_items_tell_the_same_story() -> None:
    names = [each.name for each in corpus().mutants] + [each.name for each in corpus().adversaries]
    assert {name for name in names if names.count(name) > 1} == set()


def test_words_and_templates_are_there() -> None:
    for activity in activities():
        assert [*templates_unify(activity), *words_are_there(activity)] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Change("manage.py", old="no such text", new="x"), "0 times"),
        (Change("manage.py", old="e", new="x"), "times instead of once"),
        (Change("nobody.py", append="x"), "no such file"),
    ],
)
def test_a_change_that_does_not_fit_is_told(change: Change, says: str, tmp_path: Path, trees: Trees) -> None:
    with pytest.raises(GraderError, match=says):
        Recipe("starter", changes=(change,)).write(tmp_path / "boda", trees)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[mutants]]\nid = "m1"\nname = "x"\ncheck = "L1"\n', "mutants\\[1\\].says is missing"),
        ('[[mutants]]\nid = "m1"\nname = "x"\nbase = "nobody"\n', "must be one of starter"),
        ('[[mutants]]\nid = "m1"\nname = "x"\n[[mutants.changes]]\nfile = "a"\n', "must come with one of"),
        ("[[mutant]]\n", "mutant is not a key"),
    ],
)
def test_a_mistake_in_the_corpus_names_file_and_key(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "activity-4").mkdir()
    (tmp_path / "bases.toml").touch()
    (tmp_path / "activity-4/mutants.toml").write_text(text)
    with pytest.raises(GraderError, match=says):
        corpus(tmp_path)


def test_outside_a_checkout_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workshop.author.corpus.content_root", lambda: tmp_path)
    with pytest.raises(UsageError, match="is not here"):
        corpus_root()


def test_a_new_activity_loads(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    begun = begin(10, tmp_path)
    assert begun.activity.id == "activity-10"
    assert begun.activity.tasks[0].edits
    headings = begun.activity.lesson.read_text(encoding="utf-8")
    assert all(f"\n## {each}\n" in headings for each in ("Try it yourself", "Pitfalls", "Further reading"))
    there: Callable[[Path], bool] = Path.exists
    assert sum(there(file) for file, _ in begun.to_fill) == 8
    with pytest.raises(UsageError, match="already"):
        begin(10, tmp_path)


def test_every_mutant_has_a_transcript() -> None:
    kept = [file.read_text(encoding="utf-8") for file in corpus_root().glob("activity-*/transcripts.txt")]
    ids = {id for text in kept for id in re.findall(r"(?m)^## (m\d+): ", text)}
    assert ids == {mutant.id for mutant in corpus().mutants}


def test_nothing_falls_short_of_what_needs_no_run() -> None:
    assert list(content_shortcomings(activity.number for activity in activities())) == []
