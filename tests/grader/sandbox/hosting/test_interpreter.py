"""What an interpreter has is asked of it, and nothing of the project is run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grader.sandbox.hosting.interpreter import installed


def test_what_an_interpreter_has() -> None:
    names = ["django-redis", "redis", "django-valkey-of-nobody"]
    assert installed(Path(sys.executable), names) == {"django-redis", "redis"}


def test_an_interpreter_that_does_not_answer_has_nothing(tmp_path: Path) -> None:
    assert installed(tmp_path / "python", ["redis"]) == set()


def test_a_module_in_the_current_folder_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "boda_payments.py").touch()
    monkeypatch.chdir(tmp_path)
    assert installed(Path(sys.executable), ["boda-payments"]) == set()
