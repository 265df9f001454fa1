"""A question, and what became of the answer to it. Plain text, so that any terminal and ear can follow."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workshop.quiz.asked import Asked
from workshop.quiz.grade import Marked, Note
from workshop.quiz.items import LETTERS
from workshop.quiz.model import Format, Item
from workshop.quiz.rubric import Idea, Reading
from workshop.screens.clean import clean, clean_line
from workshop.screens.look import Look


def flowing(text: str, look: Look, indent: int = 0) -> str:
    """Paragraphs and lists wrapped to the width. Indented or tabulated lines stay as they are."""
    blocks = []
    for block in text.strip("\n").split("\n\n"):
        if block.startswith("- "):
            blocks.append("\n".join(_item(each, look, indent) for each in block[2:].split("\n- ")))
        elif re.search(r"(?m)^ {3,}|\S {3,}\S", block):
            blocks.append(_as_it_is(block, look, indent))
        else:
            blocks.append(look.paragraph(" ".join(block.split()), indent))
    return "\n\n".join(blocks)


def _item(text: str, look: Look, indent: int) -> str:
    return look.paragraph(f"- {' '.join(text.split())}", indent, hang=2)


def _as_it_is(block: str, look: Look, indent: int) -> str:
    lines = [" " * indent + line for line in block.split("\n")]
    if max(map(len, lines)) > look.width:  # too narrow for columns: one thing a line
        lines = [part for line in lines for part in re.sub(r"(?<=\S) {3,}", "\n  ", line).split("\n")]
    return "\n".join(lines)


def question(asked: Asked, sheet: str, number: int, total: int, look: Look) -> str:
    """The question with its options, and what to type."""
    item = asked.item
    head = f"{sheet}, question {number} of {total}: {item.title}"
    parts = [look.paint(look.paragraph(head), "bold"), "", flowing(item.ask, look), ""]
    if item.run:
        parts[-1:] = [
            "",
            look.paint(look.paragraph("Predict it first. Then it is done, on a server of ours."), "cyan"),
            "",
        ]
    parts += [_option(str(at), row.text, look) for at, row in enumerate(item.rows, 1)]
    if item.rows:
        parts.append("")
    parts += [_option(LETTERS[at], option.text, look) for at, option in enumerate(asked.options)]
    if asked.options:
        parts.append("")
    more = f"Type {asked.how}." if item.format is not Format.TEXT else f"Write {asked.how}."
    parts.append(look.paint(f"{look.paragraph(more)}\ns: later, q: stop.", "dim"))
    return "\n".join(parts)


def _option(label: str, text: str, look: Look) -> str:
    return look.paragraph(f"{label}  {text}", indent=2, hang=3)


def feedback(marked: Marked, look: Look) -> str:
    """How a chosen answer was, what a run has shown, and why."""
    asked, grade, tell_all = marked.asked, marked.grade, marked.tell_all
    parts = []
    if marked.seen:
        parts.append(look.paint("What happened", "bold"))
        parts += [look.paragraph(clean_line(line), indent=2, hang=2) for line in marked.seen]
        parts.append("")
    parts += [_note(note, look) for note in grade.notes if not (grade.passed and _says_little(note))]
    if grade.passed and all(_says_little(note) for note in grade.notes):
        parts.append(_note(Note("", True, "Yes, that is right."), look))
    if not grade.passed and tell_all:
        parts += ["", look.paragraph(f"Right is: {right(asked)}")]
    if tell_all:
        parts += ["", flowing(asked.item.why, look)]
    return "\n".join(parts)


def _says_little(note: Note) -> bool:
    return note.right and note.text in ("Yes.", "")


def _note(note: Note, look: Look) -> str:
    mark = ("right" if note.right else "not right") if look.words else ("✓" if note.right else "✗")
    label = f" {note.label}" if note.label else ""
    text = look.paragraph(
        f"{mark}{label}: {note.text}" if look.words else f"{mark}{label}  {note.text}", hang=2
    )
    return look.paint(text, "green" if note.right else "red")


def right(asked: Asked) -> str:
    """The right answer in letters, with its words where they are few."""
    item = asked.item
    if item.format is Format.MATCH:
        return ", ".join(f"{at}{asked.letter(row.right)}" for at, row in enumerate(item.rows, 1))
    if item.format is Format.ORDER:
        return "".join(asked.letter(option.key) for option in item.options if option.right)
    letters = sorted(asked.letter(option.key) for option in item.options if option.right)
    return ", ".join(letters)


def read_text(reading: Reading, look: Look) -> str:
    """What the rubric found in a text, before the model answer."""
    parts = [
        look.paragraph(
            f"I found {len(reading.ideas)} of the ideas in it. I only look for words, so I may be wrong."
        )
    ]
    parts += [_note(Note("", False, why), look) for why in reading.wrong]
    if reading.heap:
        parts.append(look.paragraph("It reads like a list of words. Say it in sentences next time."))
    if reading.rubric.is_list and len(reading.ideas) < reading.rubric.least <= reading.sentences:
        twice = 'Some say the same in other words: "faster" and "lower response time" are one benefit.'
        parts.append(look.paragraph(twice))
    if 0 < reading.rubric.most_sentences < reading.sentences:
        parts.append(
            look.paragraph(
                f"You wrote {reading.sentences} sentences; shorter was asked for. That costs nothing."
            )
        )
    return "\n".join(parts)


def review(item: Item, reading: Reading, look: Look) -> str:
    """The model answer, and the ideas to tick."""
    parts = [look.paint("A good answer", "bold"), flowing(item.model, look, 2), ""]
    parts.append(look.paragraph("Which of these did you say? Be fair to yourself."))
    ideas: Iterable[tuple[int, Idea]] = enumerate(reading.rubric.ideas, 1)
    for number, idea in ideas:
        found = " (I found it)" if idea.id in reading.ideas else ""
        parts.append(_option(str(number), idea.text + found, look))
    parts += [
        "",
        look.paint(look.paragraph("Type the numbers, such as 13. Enter alone: what I found."), "dim"),
    ]
    return "\n".join(parts)


def own_text(text: str, look: Look) -> str:
    """A text of the learner's, as it was found or written before."""
    return flowing(clean(text), look, 2)
