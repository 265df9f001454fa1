"""Questions that are answered by a run: what is seen agrees with what their author expects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import GraderError, MachineError
from workshop.quiz.asked import Answer, ask
from workshop.quiz.grade import grade, with_truth
from workshop.quiz.live import users
from workshop.quiz.live.laboratory import Laboratory
from workshop.quiz.live.run import Seen, experiment, run
from workshop.quiz.load import sheets
from workshop.quiz.model import Format, Item

RUNS = [item for sheet in sheets() for item in sheet.items if item.run]
QUICK = {"ttl of timeouts"}
"""What every `make test` runs of them, beside one on the small project below; `make proof` runs all."""


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    with Laboratory(tmp_path_factory.mktemp("templates")) as made:
        yield made


def expected(item: Item) -> object:
    if item.format is Format.MATCH:
        return {row.key: row.right for row in item.rows}
    return frozenset(option.key for option in item.options if option.right)


def cases() -> list[object]:
    return [
        pytest.param(item, attempt, id=f"{item.id}-{attempt}", marks=() if quick else pytest.mark.proof)
        for item in RUNS
        for attempt in range(item.variants)
        for quick in [item.run in QUICK and attempt == 0]
    ]


@pytest.mark.parametrize(("item", "attempt"), cases())
def test_what_is_seen_is_what_was_expected(laboratory: Laboratory, item: Item, attempt: int) -> None:
    asked = ask(item, 0, attempt)
    seen = run(item.run, asked.item.values, laboratory)
    assert seen.right == expected(asked.item), seen.lines
    assert 1 <= len(seen.lines) <= 5


def test_every_experiment_is_there() -> None:
    assert len(RUNS) >= 15
    for item in RUNS:
        assert experiment(item.run).__doc__
    with pytest.raises(GraderError):
        experiment("something else")


def test_the_run_decides_and_not_the_author(laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same experiment on code that clears the detail as well: now 404 is the right prediction."""
    zombie = users.users

    def mended(here: Laboratory, kind: str = "handout", count: int = 3) -> object:
        return zombie(here, "handout" if kind == "zombie" else kind, count)

    monkeypatch.setattr(users, "users", mended)
    item = next(item for item in RUNS if item.id == "T08")
    asked = ask(item, 0, 0)
    seen = run(item.run, asked.item.values, laboratory)
    assert seen.right == frozenset({"gone"})
    marked = with_truth(asked, seen.right)
    assert grade(marked, Answer(("gone",))).passed
    assert not grade(marked, Answer(("alive",))).passed


def test_a_match_is_decided_by_the_run_too() -> None:
    asked = ask(next(item for item in RUNS if item.format is Format.MATCH), 0, 0)
    seen = Seen({"a": "never", "b": "never", "c": "absent", "d": "default"}, ())
    assert grade(with_truth(asked, seen.right), Answer(("never", "never", "absent", "default"))).passed


def test_without_a_server_it_stays_open(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORKSHOP_REDIS_SERVER", str(tmp_path / "none"))
    with Laboratory() as bare, pytest.raises(MachineError):
        run("ttl of timeouts", {"timeout": "300"}, bare)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Laboratory() as made:
        client, _ = made.django("stored_list")
        folder = made.server.folder
        assert client.call("DBSIZE") == 0  # the server is emptied each time it is taken
    assert not folder.exists()
