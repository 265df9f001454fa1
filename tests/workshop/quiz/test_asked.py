"""How a question looks to one learner, and what they mean by what they type."""

from __future__ import annotations

from itertools import pairwise

import pytest

from grader.errors import UsageError
from workshop.quiz.asked import Answer, Asked, ask, understood
from workshop.quiz.load import sheets, variant
from workshop.quiz.model import Format, Item

ITEMS = {item.id: item for sheet in sheets() for item in sheet.items}


def keys(asked: Asked) -> list[str]:
    return [option.key for option in asked.options]


def test_a_seed_decides_how_a_question_looks() -> None:
    item = ITEMS["T03"]
    assert ask(item, 1, 0) == ask(item, 1, 0)
    orders = {tuple(keys(ask(item, seed, 0))) for seed in range(20)}
    assert len(orders) > 5
    texts = {ask(item, seed, 0).item.ask for seed in range(20)}
    assert len(texts) == item.variants == 3


@pytest.mark.parametrize("id", [id for id, item in ITEMS.items() if item.variants > 1])
def test_each_retry_brings_another_variant(id: str) -> None:
    item = ITEMS[id]
    texts = [_all_text(ask(item, 5, attempt).item) for attempt in range(item.variants + 1)]
    assert len(set(texts)) == item.variants
    assert all(one != two for one, two in pairwise(texts))
    assert "$" not in "".join(texts)


def _all_text(item: Item) -> str:
    return " ".join(
        [item.ask, item.why, *(o.text + o.why for o in item.options), *(r.text for r in item.rows)]
    )


def test_enough_questions_have_variants() -> None:
    assert sum(item.variants > 1 for item in ITEMS.values()) >= 25


def test_the_numbers_of_the_mean_are_right_in_every_variant() -> None:
    for number in range(ITEMS["T03"].variants):
        v = {name: float(text) for name, text in variant(ITEMS["T03"], number).values.items()}
        hits = v["ratio"] / 100
        assert v["rest"] == v["total"] - v["sql"]
        assert v["hit"] == v["rest"] + v["look"]
        assert v["miss"] == v["total"] + v["look"]
        assert v["mean"] == pytest.approx(hits * v["hit"] + (1 - hits) * v["miss"])
        assert v["forgot"] == pytest.approx(hits * v["look"] + (1 - hits) * v["sql"])
        assert v["share"] == pytest.approx(hits * v["total"])


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("id", [id for id, item in ITEMS.items() if item.format is Format.ORDER])
def test_steps_never_come_in_their_right_order(id: str, seed: int) -> None:
    asked = ask(ITEMS[id], seed, 0)
    right = [option.key for option in asked.item.options if option.right]
    assert [key for key in keys(asked) if key in right] != right or keys(asked) != right


@pytest.mark.parametrize("typed", ["b", "B", " b ", "(b)", "b)", "b."])
def test_one_letter(typed: str) -> None:
    asked = ask(ITEMS["T03"], 1, 0)
    assert understood(asked, typed) == Answer((keys(asked)[1],))


@pytest.mark.parametrize("typed", ["", "e", "ab", "1", "beer", "not b", "?"])
def test_not_one_letter(typed: str) -> None:
    with pytest.raises(UsageError):
        understood(ask(ITEMS["T03"], 1, 0), typed)


@pytest.mark.parametrize("typed", ["ac", "a c", "a, c", "a and c", "A,C"])
def test_several_letters(typed: str) -> None:
    asked = ask(ITEMS["T07"], 1, 0)
    assert understood(asked, typed).keys == (keys(asked)[0], keys(asked)[2])
    with pytest.raises(UsageError):
        understood(asked, "aa")


@pytest.mark.parametrize(
    "typed", ["1b 2a 3c 4e", "1b2a3c4e", "4e 3c 2a 1b", "1: b, 2: a, 3: c, 4: e", "bace", "b a c e"]
)
def test_a_letter_for_each_number(typed: str) -> None:
    asked = ask(ITEMS["T05"], 1, 0)
    assert understood(asked, typed).keys == tuple(keys(asked)[at] for at in (1, 0, 2, 4))


@pytest.mark.parametrize("typed", ["1b 2a", "bac", "1b 1a 2c 3d", "5a"])
def test_not_a_letter_for_each_number(typed: str) -> None:
    with pytest.raises(UsageError):
        understood(ask(ITEMS["T05"], 1, 0), typed)
