from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from grader.result import Blank
from workshop.scaffold.blanks import find_blanks, lines_with_blanks, syntax_errors


@pytest.mark.parametrize(
    "source",
    [
        "x = ___",
        "cache.____(key)",
        "x = '_______________'",
        'x = "___"',
        "f(timeout=___)",
        "f(___=5)",
        "from ___ import cache",
        'key = f"user_{___}"',
        'key = f"___"',
        "x = ...  # fill this",
        "def f():\n    pass  # FILL: what goes here?",
        "def f():\n    ...  # Fill",
        "@cache_page(___)\ndef f(): return 1",
    ],
)
def test_is_a_blank(source: str) -> None:
    assert lines_with_blanks(source) == (len(source.split("\n")) - (source[0] == "@"),)


@pytest.mark.parametrize(
    "source",
    [
        "x = __",
        "x = __name__",
        "x = 'a___'",
        "for ___ in range(3): print(___)",
        "from x import ___",
        "def f(___): return ___",
        "self.___ = 1\nprint(self.___)",
        "x = ...",
        "def f():\n    pass",
        "def f():\n    pass  # nothing to fill",
        "x = 1  # fill ___",
        'key = f"{a}___{b}"',
        "x = '# fill'\ny = ...",
    ],
)
def test_is_no_blank(source: str) -> None:
    assert lines_with_blanks(source) == ()


def test_a_blank_in_a_call_over_several_lines_stands_on_its_own_line() -> None:
    assert lines_with_blanks("cache.set(\n    key,\n    ___,\n    timeout=___,\n)\nx = (a\n  .___\n)") == (
        3,
        4,
        7,
    )


def test_blanks_of_a_project_in_order_with_the_line_they_stand_in(tmp_path: Path) -> None:
    (tmp_path / "users").mkdir()
    (tmp_path / "users" / "views.py").write_text("x = 1\n    \ny = cache.___(___)  # which?\n")
    (tmp_path / "a.py").write_bytes(codecs.BOM_UTF8 + b"\r\nx = '\xc3\xa9'\r\ny = ___\r\n")
    (tmp_path / "latin.py").write_bytes(b"# coding: latin-1\nx = '\xe9', ___\n")
    assert find_blanks(tmp_path) == (
        Blank("a.py", 3, "y = ___"),
        Blank("latin.py", 2, "x = 'é', ___"),
        Blank("users/views.py", 3, "y = cache.___(___)  # which?"),
    )


def test_unusual_separators_do_not_shift_the_line(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 'a\u2028b\x0cc'\ny = ___\n", encoding="utf-8")
    assert find_blanks(tmp_path) == (Blank("a.py", 2, "y = ___"),)


@pytest.mark.parametrize(
    "folder", [".venv", "venv", "env", "node_modules", ".git", ".workshop", "migrations"]
)
def test_folders_that_are_not_the_learners_are_skipped(tmp_path: Path, folder: str) -> None:
    inside = tmp_path / folder / "deep"
    inside.mkdir(parents=True)
    (inside / "a.py").write_text("x = ___\n")
    (inside / "b.py").write_text("x = (\n")
    assert find_blanks(tmp_path) == ()
    assert syntax_errors(tmp_path) == ()


def test_a_virtual_environment_of_any_name_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "py311").mkdir()
    (tmp_path / "py311" / "pyvenv.cfg").write_text("")
    (tmp_path / "py311" / "a.py").write_text("x = ___\n")
    assert find_blanks(tmp_path) == ()


def test_files_that_are_no_python_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("x = ___\ndef f(:\n")
    (tmp_path / "null.py").write_bytes(b"x = ___\0\n")
    (tmp_path / "wrong.py").write_bytes(b"x = '\xe9'  # ___\n")
    assert find_blanks(tmp_path) == ()
    problems = {problem.file: problem for problem in syntax_errors(tmp_path)}
    assert set(problems) == {"broken.py", "null.py", "wrong.py"}
    assert problems["broken.py"].line == 2
    assert problems["broken.py"].message
