"""git, for the tests that put a project under version control."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def git(folder: Path, *words: str) -> str:
    """Run git in `folder` and return what it prints. The test is skipped where git is not installed."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    learner = ["-c", "user.name=A Learner", "-c", "user.email=learner@example.com"]
    return subprocess.run(
        ["git", "-C", str(folder), *learner, *words], check=True, capture_output=True, text=True
    ).stdout


def commit_all(folder: Path) -> None:
    """Make `folder` a repository with all its files committed. Skips as `git` does."""
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "all")
