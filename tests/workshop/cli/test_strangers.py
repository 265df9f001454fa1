"""The project of a stranger: its notes stay closed, it runs in a jail only, and it names no server to ask."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.boundary import outer_jail
from grader.boundary.confined_judge import has_jail
from grader.servers.listener import listen_by_number
from tests.workshop.cli.conftest import Ran

Run = Callable[..., Ran]
jailed = pytest.mark.skipif(not has_jail(), reason="no bubblewrap")


@pytest.fixture
def stranger(project: Path, tmp_path: Path) -> Path:
    """A project that tells who runs it by a file outside, and that brings notes which are no database."""
    (project / ".workshop").mkdir()
    (project / ".workshop/state.db").write_text("planted")
    settings = project / "safeboda/settings.py"
    canary = f"open({str(tmp_path / 'canary')!r}, 'w').close()"
    settings.write_text(
        f"{settings.read_text()}\nimport contextlib\nwith contextlib.suppress(OSError): {canary}\n"
    )
    return project


@pytest.fixture
def no_jail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outer_jail, "ways", list)


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@jailed
def test_it_is_judged_in_the_jail_and_nothing_of_it_changes(run: Run, stranger: Path, tmp_path: Path) -> None:
    before = files(stranger)
    ran = run(tmp_path, "check", "2", "--format", "json", "--project", str(stranger))
    result = json.loads(ran.out)
    assert result["jail"] == "bubblewrap"
    assert {each["id"]: each["outcome"] for each in result["checks"]}["B3"] == "passed"
    assert files(stranger) == before
    assert not (tmp_path / "canary").exists()


@pytest.mark.usefixtures("no_jail")
def test_without_a_jail_it_is_refused(run: Run, stranger: Path, tmp_path: Path) -> None:
    before = files(stranger)
    ran = run(tmp_path, "check", "2", "--project", str(stranger))
    assert ran.status == 3
    assert "no jail on this machine" in ran.err
    assert files(stranger) == before
    assert not (tmp_path / "canary").exists()


@pytest.mark.usefixtures("no_jail")
def test_without_a_jail_it_is_judged_if_that_is_asked_for(run: Run, stranger: Path, tmp_path: Path) -> None:
    ran = run(tmp_path, "check", "2", "--unsafe", "--format", "json", "--project", str(stranger))
    assert json.loads(ran.out)["jail"] == "none"
    assert "with all of your rights" in ran.err
    assert (tmp_path / "canary").exists()


@pytest.mark.usefixtures("no_jail")
def test_ones_own_is_judged_without_a_jail_and_that_is_said_before(
    run: Run, stranger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[bool] = []
    monkeypatch.setattr(
        "workshop.cli.context.Context.complain",
        lambda self, text: said.append("no jail" in text and not (tmp_path / "canary").exists()),
    )
    ran = run(stranger, "check", "2", "--format", "json")
    assert json.loads(ran.out)["jail"] == "none"
    assert True in said
    assert (tmp_path / "canary").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("progress",),
        ("hint", "2"),
        ("explain",),
        ("start", "3", "--yes"),
        ("undo", "--yes"),
        ("submit",),
        ("watch",),
    ],
)
def test_no_other_command_opens_its_notes(
    run: Run, stranger: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    before = files(stranger)
    ran = run(tmp_path, *words, "--project", str(stranger))
    assert ran.status == 2
    assert "not known as yours" in ran.err
    assert f"workshop init {stranger}" in ran.err
    assert files(stranger) == before


@jailed
def test_its_server_is_not_asked(run: Run, stranger: Path, tmp_path: Path) -> None:
    with listen_by_number() as listening:
        (stranger / ".env").write_text(f"REDIS_URL=redis://127.0.0.1:{listening.getsockname()[1]}/1\n")
        ran = run(tmp_path, "check", "2", "--format", "json", "--project", str(stranger))
        outcomes = {each["id"]: each["outcome"] for each in json.loads(ran.out)["checks"]}
        run(tmp_path, "doctor", "--project", str(stranger))
        listening.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            pytest.fail(f"{listening.accept()[1]} connected")
    assert outcomes["B1"] == "skipped"
