"""Run the command line in this process, with streams and a folder of its own."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from workshop.cli.app import app
from workshop.cli.context import Context


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run(folder, "check", "3", typed="")`: as if typed in that folder, without a terminal."""
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "80")

    def ran(folder: Path, *words: str, typed: str = "") -> Ran:
        out, err = io.StringIO(), io.StringIO()
        context = Context(io.StringIO(typed), out, err, cwd=folder, env={}, script=Path("pytest"))
        with pytest.raises(SystemExit) as ended:
            app(args=list(words), obj=context, prog_name="workshop")
        return Ran(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    return ran
