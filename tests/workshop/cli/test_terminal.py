"""The main path as a learner types it, in a real terminal of 80 columns and 24 lines."""

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


@pytest.fixture
def type_(tmp_path: Path) -> Iterator[Type]:
    """`type_("check", folder=...)`: a command in a terminal."""
    with terminal(tmp_path) as typed:
        yield typed


def finish(child: pexpect.spawn[str]) -> tuple[int, str]:
    """Wait for the end; returns the exit status and what stays on the screen, without colours."""
    child.expect(pexpect.EOF)
    child.wait()
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", (child.before or "").replace("\r\n", "\n"))
    return child.exitstatus or 0, re.sub(r"^.*\r", "", text, flags=re.MULTILINE)  # drawn over


def test_from_nothing_to_a_passed_activity(type_: Type, tmp_path: Path) -> None:
    status, text = finish(type_("init"))
    assert (status, "my-safeboda" in text) == (0, True)
    root = tmp_path / "my-safeboda"

    refused = type_("start", "3", folder=root)
    refused.expect(r"Make this change\? \[y/N\]")
    refused.sendline("n")
    assert "Nothing was changed" in finish(refused)[1]

    started = type_("start", "3", folder=root)
    started.expect(r"Make this change\? \[y/N\]")
    started.sendline("y")
    status, text = finish(started)
    assert status == 0
    assert "Blanks to fill in (5)" in text

    status, text = finish(type_("check", folder=root))
    assert status == 1
    assert text.count("safeboda/settings.py:") == 5

    assert finish(type_("solution", "--give-up", "--apply", "--yes", folder=root))[0] == 0
    check = type_("check", folder=root)
    status, text = finish(check)
    assert status == 0, text
    assert "✓ F1" in text
    assert "The core of activity 3 passed" in text
    assert max(len(line) for line in text.splitlines()) <= 80

    undo = type_("undo", folder=root)
    undo.expect(r"Take it back\? \[y/N\]")
    undo.sendline("y")
    assert finish(undo)[0] == 0
    assert "____" in (root / "safeboda" / "settings.py").read_text()


def test_colour_only_where_it_is_wanted(type_: Type, project: Path) -> None:
    def raw(*words: str, **env: str) -> str:
        child = type_(*words, folder=project, **env)
        child.expect(pexpect.EOF)
        return str(child.before)

    assert "\x1b[" in raw("progress")
    assert "\x1b[" not in raw("progress", "--plain")
    assert "\x1b[" not in raw("progress", NO_COLOR="1")
