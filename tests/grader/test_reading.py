"""Files of a project are read within bounds, and what cannot be parsed is an error like any other."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from grader.reading import MOST_BYTES, parse_python, parse_toml, read_bytes

posix = pytest.mark.skipif(sys.platform == "win32", reason="no pipes and few links there")


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_bytes(b"x = 1\n")
    assert read_bytes(tmp_path / "views.py") == b"x = 1\n"


@posix
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "views.py").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic links"):
        read_bytes(tmp_path / "views.py")


@posix
def test_a_pipe_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "views.py")
    with pytest.raises(OSError, match="no regular file"):
        read_bytes(tmp_path / "views.py")


def test_a_sparse_file_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "views.py").open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(OSError, match="longer"):
        read_bytes(tmp_path / "views.py")


WRONG = {
    "brackets": b"(" * 100_000,
    "signs": b"-" * 100_000 + b"1",
    "sum": b"+".join([b"1"] * 100_000),
    "attributes": b"x" + b".a" * 100_000,
    "zlib": b"# coding: zlib\nx = 1",
    "no coding": b"# coding: nothing\nx = 1",
    "nul": b"x = '\0'",
    "no utf-8": b"\xff\xfe",
    "indented": b"".join(b" " * depth + b"if x:\n" for depth in range(500)),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_python_is_a_syntax_error(name: str) -> None:
    with pytest.raises(SyntaxError, match=r"."):
        parse_python(WRONG[name])


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "{a=" * 100_000, "x", "[" * MOST_BYTES])
def test_what_is_no_toml_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_toml(text)
