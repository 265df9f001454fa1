"""What a person is told to type is what works from where they are, and colour is where it is wanted."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.text import Text

from grader.errors import UsageError
from workshop.cli.context import Context


class Terminal(io.StringIO):
    """A stream with somebody behind it."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A `workshop` program, as a virtual environment has it."""
    script = tmp_path / "home" / ".venv" / "bin" / "workshop"
    script.parent.mkdir(parents=True)
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    return script


def test_the_bare_name_is_enough_if_the_shell_finds_this_program(installed: Path, tmp_path: Path) -> None:
    context = Context(cwd=tmp_path / "home", env={"PATH": str(installed.parent)}, script=installed)
    assert context.command_for(tmp_path / "home")("check") == "workshop check"


def test_else_the_path_is_part_of_it(installed: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "my shop").mkdir()
    context = Context(cwd=home, env={"PATH": ""}, script=installed)
    assert (
        context.command_for(home / "my shop")("check 3") == ".venv/bin/workshop check 3 --project 'my shop'"
    )
    inside = Context(cwd=home / "my shop", env={"PATH": ""}, script=installed)
    assert inside.command_for(home / "my shop")("check") == "../.venv/bin/workshop check"
    beside = Context(cwd=installed.parent, env={"PATH": ""}, script=installed)
    assert beside.program == "./workshop"


def test_as_a_module_it_is_called_as_a_module() -> None:
    assert Context(script=Path("/x/workshop/__main__.py"), env={}).program.endswith(" -m workshop")


@pytest.mark.parametrize(
    ("env", "plain", "colour", "words"),
    [
        ({}, False, True, False),
        ({"NO_COLOR": "1"}, False, False, False),
        ({"TERM": "dumb"}, False, False, True),
        ({}, True, False, True),
    ],
)
def test_colour_and_signs_where_they_are_wanted(
    env: dict[str, str], plain: bool, colour: bool, words: bool
) -> None:
    look = Context(stdout=Terminal(), env=env, plain=plain).look
    assert (look.colour, look.words) == (colour, words)


def test_a_pipe_gets_no_colour_and_an_old_encoding_gets_words() -> None:
    assert not Context(stdout=io.TextIOWrapper(io.BytesIO(), "utf-8"), env={}).look.colour
    raw = io.BytesIO()
    old = Context(stdout=io.TextIOWrapper(raw, "ascii"), env={})
    assert old.look.words
    old.say("Muraho … ✓")
    old.show(Text("GET → 200"))
    assert [line.rstrip() for line in raw.getvalue().splitlines()] == [b"Muraho ? ?", b"GET ? 200"]


@pytest.mark.parametrize(
    ("typed", "meant"), [("y\n", True), ("Yes\n", True), ("\n", False), ("n\n", False), ("", False)]
)
def test_only_a_yes_is_a_yes(typed: str, meant: bool) -> None:
    assert Context(stdin=Terminal(typed), stdout=Terminal()).confirm("Sure?", yes=False) is meant


def test_without_a_terminal_nobody_is_asked() -> None:
    context = Context(stdin=io.StringIO("y\n"), stdout=Terminal())
    assert context.confirm("Sure?", yes=True)
    with pytest.raises(UsageError, match="no terminal"):
        context.confirm("Sure?", yes=False)
