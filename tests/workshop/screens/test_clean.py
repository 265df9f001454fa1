"""Nothing that a learner's code emitted can drive the terminal."""

from __future__ import annotations

import pytest

from workshop.screens.clean import LONGEST, clean, clean_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("a\rb\x00c\x9b2J", r"a\rb\x00c\x9b2J"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("lone \udcff", r"lone \udcff"),
        ("Murāho, 世界 [bold]x[/bold]\nnext", "Murāho, 世界 [bold]x[/bold]\nnext"),
    ],
)
def test_control_characters_are_shown_and_the_rest_stays(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_flood_is_cut_and_says_so() -> None:
    shown = clean("x" * (LONGEST + 7))
    assert len(shown) < LONGEST + 40
    assert "7 more characters" in shown


def test_a_line_is_one_line() -> None:
    assert clean_line("a\n\n  b\tc") == "a b c"
