"""Activity 1 as a learner does it: at a real terminal from start to finish, and with plain output."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there is no pseudo-terminal", allow_module_level=True)

import pexpect

from tests.workshop.cli.terminal import Type, terminal
from tests.workshop.quiz.learner import TEXTS, item_on, letters_on
from workshop.quiz.model import Format


@pytest.fixture
def type_(project: Path) -> Iterator[Type]:
    """`type_("quiz")`: a command in a terminal, in the project."""
    with terminal(project) as typed:
        yield typed


def bare(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r\n", "\n").replace("\r", "")


def finished(child: pexpect.spawn[str]) -> tuple[int, str]:
    child.expect(pexpect.EOF)
    child.wait()
    return child.exitstatus or 0, bare(child.before or "")


def answer_one(child: pexpect.spawn[str], right: bool = True) -> str:
    """Read one question from the screen and answer it by the keyboard. Returns what was on the screen."""
    child.expect(r"(?s)question \d+ of 8.*?stop\..*?> ")
    screen = bare(str(child.before) + str(child.after))
    item = item_on(screen)
    if item.format is Format.TEXT:
        for line in TEXTS[item.id].split("\n"):
            child.sendline(line)
        child.sendline("")
        child.expect(r"(?s)A good answer.*?Enter alone.*?> ")
        screen += bare(str(child.before) + str(child.after))
        child.sendline("")
        child.expect("Kept: your text")
    else:
        child.sendline(letters_on(screen, right))
        child.expect("Enter goes on")
        screen += bare(str(child.before))
        child.sendline("")
    return screen


@pytest.mark.parametrize("plain", [False, True])
def test_activity_1_from_start_to_finish(type_: Type, project: Path, plain: bool) -> None:
    more = ["--plain"] if plain else []
    status, text = finished(type_("start", *more))
    assert status == 0
    assert "workshop quiz activity-1" in text

    child = type_("quiz", *more)
    raw = answer_one(child) + answer_one(child)
    wrong = answer_one(child, right=False)
    assert "It is asked again." in wrong
    again = answer_one(child)
    assert item_on(wrong) == item_on(again)
    assert wrong.split("Type one letter")[0] != again.split("Type one letter")[0]  # another variant
    child.expect(r"question 4 of 8.*> ")
    child.sendline("q")
    status, text = finished(child)
    assert (status, "3 of 8 questions are done" in text) == (0, True)

    status, text = finished(type_("check", *more))
    assert status == 1
    assert "is not passed yet: 6 of 16 points" in text
    assert "workshop quiz activity-1" in text

    child = type_("quiz", *more)
    for number in range(4, 9):
        shown = answer_one(child)
        assert f"question {number} of 8" in shown
        raw += shown
    status, text = finished(child)
    assert status == 0
    assert "8 of 8 questions are done" in text
    assert "workshop start activity-2" in text

    status, text = finished(type_("check", "activity-1", *more))
    assert status == 0
    assert "The core of activity 1 passed: 16 of 16 points" in text
    assert "start activity-2" in text
    assert max(map(len, (raw + text).splitlines())) <= 80


def test_plain_output_is_lines_and_nothing_else(type_: Type) -> None:
    child = type_("quiz", "--plain")
    child.expect("> ")
    child.sendline("It keeps a copy.")
    child.sendline("")
    child.expect("Enter alone.*> ")
    said = str(child.before)
    child.sendline("q")
    child.expect(pexpect.EOF)
    said += str(child.before)
    assert "\x1b" not in said
    assert "\b" not in said
    assert re.sub(r"\r\n", "", said).count("\r") == 0
    assert not re.search(r"[✓✗·│─]", said)


def test_a_check_may_run_beside_it(type_: Type) -> None:
    child = type_("quiz", "T06")
    child.expect("> ")
    status, text = finished(type_("check", "activity-1"))
    assert (status, "0 of 16 points" in text) == (1, True)
    child.sendline("q")
    assert finished(child)[0] == 0


def test_control_d_and_control_c_stop_and_lose_nothing(type_: Type) -> None:
    child = type_("quiz", "T01")
    child.expect("> ")
    child.sendline("It keeps a copy, so nothing is computed again.")
    child.sendline("")
    child.expect("Enter alone.*> ")
    child.sendeof()
    assert finished(child)[0] == 0

    child = type_("quiz", "T01")
    child.expect("You wrote:.*nothing is computed again.*> ")
    child.sendintr()
    status, text = finished(child)
    assert (status, "Stopped" in text) == (130, True)
