"""Turns an answer into sentences of stemmed words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

_SHORT_FORMS = {
    "cannot": "can not",
    "cant": "can not",
    "wont": "will not",
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "isnt": "is not",
    "arent": "are not",
    "wasnt": "was not",
    "neednt": "need not",
}
_NOT_ONLY = re.compile(r"\b(?:not|no) (?:only|just|merely|matter|doubt)\b")
"""What sounds like a negation and is none."""

_IF_NOT = re.compile(r"\bif (?:(?:it|they|that|this) (?:is |are |does |do )?)?not\b")
"""A condition: what follows it is meant."""

_SENTENCE = re.compile(r"[.!?;:\n]+(?=\s|$)|\n")
_CLAUSE = re.compile(r"[,()]| - |\bbut\b|\bthough\b|\balthough\b")
_MARK = re.compile(r"^[ \t]*(?:[-*•+]+|\(?\d{1,2}[.):]|\(?[a-z][.)])\s+", re.MULTILINE)
_INNER_MARK = re.compile(r"(?:(?<=[\s;,.])|^)\(?\d{1,2}[.)]\s")
_WRAP = re.compile(r"(?<=[^\n]{59}[^.!?;:\n])\n(?=[a-z])")
"""An end of line in the middle of a sentence: the line was as long as an editor makes it."""
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an answer: as typed (lower case), its stem, and which clause of the sentence it is in."""

    raw: str
    stem: str
    clause: int


Sentence = tuple[Word, ...]


@cache
def stem(word: str) -> str:
    """The stem of an English word: "expired" and "expires" give the same."""
    return str(_stemmer().stemWord(word))


def plain(text: str) -> str:
    """Lower case, without apostrophes and short forms; "not only" and the like are left out."""
    text = text.lower().replace("’", "'").replace("`", " ").replace("*", " ")
    text = re.sub(r"n't\b", " not", text).replace("'", "")
    text = re.sub(r"[a-z]+", lambda match: _SHORT_FORMS.get(match[0], match[0]), text)
    return _IF_NOT.sub("if", _NOT_ONLY.sub(" ", text))


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences, list items and lines of an answer. Those without a word are left out."""
    text = _WRAP.sub(" ", text)
    text = _INNER_MARK.sub("\n", _MARK.sub("\n", text.replace("\r\n", "\n")))
    found = (_words(part) for part in _SENTENCE.split(plain(text)))
    return tuple(sentence for sentence in found if sentence)


def _words(sentence: str) -> Sentence:
    return tuple(
        Word(raw, stem(raw), clause)
        for clause, part in enumerate(_CLAUSE.split(sentence))
        for raw in _WORD.findall(part)
    )


@cache
def _stemmer() -> Any:
    # The library has no types, and takes 40 ms that nobody should wait for who answers no text.
    return import_module("snowballstemmer").stemmer("english")
