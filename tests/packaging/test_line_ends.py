"""A clone has LF everywhere, also as Git for Windows makes it: sh does not run a script with CRLF."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.projects.git import commit_all, git

ROOT = Path(__file__).parents[2]


def test_a_clone_that_wants_crlf_gets_lf(tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    shutil.copytree(ROOT / "tools", origin / "tools")
    for name in (".gitattributes", "Makefile"):
        shutil.copy(ROOT / name, origin)
    commit_all(origin)
    git(
        tmp_path,
        "clone",
        "-q",
        "--config",
        "core.autocrlf=true",
        "--config",
        "core.eol=crlf",
        "origin",
        "clone",
    )
    for path in ("Makefile", "tools/install", "tools/start", "tools/find-python"):
        assert b"\r" not in (tmp_path / "clone" / path).read_bytes()
