"""Every question of the course, in every variant: it can be answered, it explains, and nothing gets by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.errors import UsageError
from workshop.course.load import content_root
from workshop.quiz.asked import Answer, Asked, ask, understood
from workshop.quiz.grade import Marked, grade
from workshop.quiz.items import LETTERS
from workshop.quiz.load import sheets
from workshop.quiz.model import Format, Item
from workshop.quiz.pasted import of_the_handout
from workshop.quiz.rubric import read
from workshop.screens import quiz as screen
from workshop.screens.look import Look

HANDOUT = of_the_handout(content_root() / "exercises")
LINES = 24
PASTED = "What is caching and why is it important? List 3 benefits of caching."


def asked() -> Iterator[Asked]:
    for sheet in sheets():
        for item in sheet.items:
            for attempt in range(item.variants):
                yield ask(item, 7, attempt)


ALL = list(asked())
CHOSEN = [each for each in ALL if each.item.format is not Format.TEXT]
WORDS = [each for each in ALL if each.item.format is Format.TEXT]


def name(value: object) -> str:
    return f"{value.item.id}-{value.attempt}" if isinstance(value, Asked) else ""


def full(item: Item) -> Answer:
    """The answer that deserves everything."""
    if item.format is Format.TEXT:
        return Answer(text=item.model)
    if item.format is Format.MATCH:
        return Answer(tuple(row.right for row in item.rows))
    return Answer(tuple(option.key for option in item.options if option.right))


@pytest.mark.parametrize("each", ALL, ids=name)
def test_a_full_answer_passes(each: Asked) -> None:
    marked = grade(each, full(each.item), HANDOUT)
    assert (marked.passed, marked.score, marked.empty) == (True, 1.0, False)
    assert all(note.right for note in marked.notes)


@pytest.mark.parametrize("each", ALL, ids=name)
def test_an_empty_answer_does_not(each: Asked) -> None:
    marked = grade(each, Answer(text="  \n\n "), HANDOUT)
    assert (marked.passed, marked.score, marked.empty) == (False, 0.0, True)


@pytest.mark.parametrize("each", ALL, ids=name)
def test_text_of_the_handout_does_not(each: Asked) -> None:
    if each.item.format is Format.TEXT:
        assert grade(each, understood(each, PASTED), HANDOUT).empty
    else:
        with pytest.raises(UsageError):
            understood(each, PASTED)


@pytest.mark.parametrize("each", [each for each in CHOSEN if each.item.format is not Format.ORDER], ids=name)
def test_each_wrong_choice_is_explained_in_its_own_words(each: Asked) -> None:
    item, right = each.item, full(each.item).keys
    told: set[str] = set()
    if item.format is Format.MATCH:
        for at, row in enumerate(item.rows):
            wrong = next(option.key for option in item.options if option.key != row.right)
            marked = grade(each, Answer((*right[:at], wrong, *right[at + 1 :])))
            told.update(note.text for note in marked.notes if not note.right)
            assert not marked.passed
        assert len(told) == len(item.rows)
        return
    distractors = [option for option in item.options if not option.right]
    for option in distractors:
        keys = (option.key,) if item.format is Format.CHOICE else (*right, option.key)
        marked = grade(each, Answer(keys))
        assert not marked.passed
        assert marked.score < 1
        (note,) = [note for note in marked.notes if not note.right]
        assert note.label == each.letter(option.key)
        told.add(note.text)
    assert len(told) == len(distractors) >= 1
    assert all(len(text) > 15 for text in told)


@pytest.mark.parametrize("each", [each for each in CHOSEN if each.item.format is Format.CHOICES], ids=name)
def test_half_of_the_right_choices_is_no_pass(each: Asked) -> None:
    marked = grade(each, Answer(full(each.item).keys[:1]))
    assert not marked.passed
    assert 0 < marked.score < 1
    assert marked.notes[-1].text == "What you chose is right, and there is more."
    everything = tuple(option.key for option in each.item.options)
    assert not grade(each, Answer(everything)).passed


@pytest.mark.parametrize("each", [each for each in CHOSEN if each.item.format is Format.ORDER], ids=name)
def test_a_wrong_order_is_explained(each: Asked) -> None:
    right = full(each.item).keys
    extra = [option for option in each.item.options if not option.right]
    for option in extra:
        marked = grade(each, Answer((*right, option.key)))
        assert (marked.passed, [n.text for n in marked.notes]) == (False, [option.why])
    for at in range(len(right) - 1):
        turned = (*right[:at], right[at + 1], right[at], *right[at + 2 :])
        marked = grade(each, Answer(turned))
        assert not marked.passed
        assert marked.notes, f"{right[at + 1]} before {right[at]} is not explained"
    missing = grade(each, Answer(right[1:]))
    assert "belongs in" in missing.notes[-1].text


@pytest.mark.parametrize("each", [each for each in WORDS if each.item.rubric], ids=name)
def test_a_good_answer_is_read_as_one(each: Asked) -> None:
    rubric = each.item.rubric
    assert rubric is not None
    reading = grade(each, Answer(text=each.item.model), HANDOUT).reading
    assert reading is not None
    assert set(reading.ideas) == {idea.id for idea in rubric.ideas}
    assert reading.wrong == ()


@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.parametrize("words", [True, False])
@pytest.mark.parametrize("each", ALL, ids=name)
def test_question_and_answer_each_fit_a_screen(each: Asked, width: int, words: bool) -> None:
    look = Look(width=width, words=words)
    rows = LINES if width == 80 else LINES + 8
    shown = screen.question(each, "Activity 1", 3, 14, look)
    marked = Marked(each, grade(each, full(each.item)), ("a line of what was seen",) * 4, tell_all=True)
    back = screen.feedback(marked, look)
    for text in (shown, back):
        assert len(text.splitlines()) + 2 <= rows, text
        assert max(map(len, text.splitlines())) <= width, text


@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.parametrize("each", [each for each in WORDS if each.item.rubric], ids=name)
def test_a_review_fits_a_screen(each: Asked, width: int) -> None:
    look = Look(width=width)
    rubric = each.item.rubric
    assert rubric is not None
    reading = read(rubric, "It is a backup that nobody flushes, and it is done before the write. So far.")
    shown = screen.read_text(reading, look) + "\n\n" + screen.review(each.item, reading, look)
    assert len(shown.splitlines()) + 2 <= (LINES if width == 80 else LINES + 8), shown
    assert max(map(len, shown.splitlines())) <= width


def test_letters_suffice_and_keep_clear_of_the_commands() -> None:
    most = max(len(each.options) for each in CHOSEN)
    assert not {"s", "q"} & set(LETTERS[:most])


def test_the_longest_option_is_not_always_right() -> None:
    choices = [each.item for each in ALL if each.item.format is Format.CHOICE and each.attempt == 0]
    longest = [max(item.options, key=lambda option: len(option.text)).right for item in choices]
    assert sum(longest) < 0.75 * len(longest)
