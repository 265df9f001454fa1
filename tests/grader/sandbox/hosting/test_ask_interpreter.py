"""What an interpreter has is asked of it. One that a project brings is not run outside the jail."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grader.sandbox.hosting.ask_interpreter import MOST_BYTES, ask, installed
from grader.sandbox.hosting.jail import detect
from grader.servers.listener import listen_by_number
from grader.submission import Submission

jailed = pytest.mark.skipif(detect() is None, reason="no bubblewrap")


def of(python: Path, root: Path = Path("/nowhere")) -> Submission:
    return Submission(root, "settings", None, python, "a test's")


def brought(root: Path, text: str) -> Submission:
    """A hand-in whose .venv/bin/python is a program of its own."""
    program = root / ".venv/bin/python"
    program.parent.mkdir(parents=True)
    (root / ".venv/pyvenv.cfg").write_text("home = /usr/bin\n")
    program.write_text(text)
    program.chmod(0o755)
    return of(program, root)


def test_what_an_interpreter_has() -> None:
    names = ["django-redis", "redis", "django-valkey-of-nobody"]
    assert installed(of(Path(sys.executable)), None, names) == {"django-redis", "redis"}


def test_an_interpreter_that_does_not_answer_has_nothing(tmp_path: Path) -> None:
    assert installed(of(tmp_path / "python"), None, ["redis"]) == set()


def test_a_module_in_the_current_folder_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "boda_payments.py").touch()
    monkeypatch.chdir(tmp_path)
    assert installed(of(Path(sys.executable)), None, ["boda-payments"]) == set()


def test_what_is_given_is_its_input() -> None:
    code = "import sys; print(len(sys.stdin.buffer.read()), sys.argv[1])"
    assert ask(of(Path(sys.executable)), None, code, ["one"], bytes(300_000)) == b"300000 one\n"
    assert ask(of(Path(sys.executable)), None, "raise SystemExit(1)") is None


def test_an_answer_without_end_is_none() -> None:
    assert ask(of(Path(sys.executable)), None, f"print('x' * {MOST_BYTES})") is None
    assert ask(of(Path(sys.executable)), None, "while True: print('x' * 99999)") is None


@jailed
def test_a_program_that_a_hand_in_brings_touches_nothing_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = tmp_path / "canary"
    canary.write_text("a mark of somebody else's")
    monkeypatch.setenv("GITHUB_TOKEN", "a-secret")
    root = tmp_path / "boda"
    with listen_by_number() as listening:
        listening.setblocking(False)
        port = listening.getsockname()[1]
        program = brought(
            root,
            "#!/bin/bash\n"
            f"echo escaped > {tmp_path}/written; echo escaped > {root}/written\n"
            f"cat {canary}; echo $GITHUB_TOKEN; cat {root}/marks 2>/dev/null\n"
            f"(echo hello > /dev/tcp/127.0.0.1/{port}) 2>/dev/null\n"
            "echo it ran; exit 0\n",
        )
        (root / "marks").write_text("a mark of its own")
        said = ask(program, detect(), "")
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert said == b"\nit ran\n"
    assert not (tmp_path / "written").exists()
    assert not (root / "written").exists()


@jailed
def test_a_real_interpreter_with_a_planted_pth_runs_in_the_jail_only(tmp_path: Path) -> None:
    """A link to a real Python is as much a program of the hand-in's: a .pth beside it is code."""
    root, canary = tmp_path / "boda", tmp_path / "written"
    python = root / ".venv/bin/python"
    minor = "{}.{}".format(*sys.version_info)
    site = root / f".venv/lib/python{minor}/site-packages"
    site.mkdir(parents=True)
    python.parent.mkdir()
    python.symlink_to(os.path.realpath(sys.executable))
    (root / ".venv/pyvenv.cfg").write_text(f"home = {Path(sys.executable).resolve().parent}\n")
    (site / "evil.pth").write_text(
        f"import sys; sys.stderr.write('planted'); open({str(canary)!r}, 'w').write('escaped')\n"
    )
    (site / "boda_payments.py").touch()
    assert installed(of(python, root), detect(), ["boda-payments", "redis"]) == {"boda-payments"}
    assert not canary.exists()


@jailed
def test_a_program_that_never_ends_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.sandbox.hosting.ask_interpreter.SECONDS", 0.5)
    setsid, sleep = (Path(shutil.which(name) or name).resolve() for name in ("setsid", "sleep"))
    program = brought(tmp_path / "boda", f"#!/bin/bash\n{setsid} {sleep} 600 &\nwait\n")
    assert ask(program, detect(), "") is None


def test_a_listener_is_heard_where_there_is_no_jail(tmp_path: Path) -> None:
    """The canary of the tests above can be touched: this is what they would see."""
    with listen_by_number() as listening:
        port = listening.getsockname()[1]
        program = brought(tmp_path / "boda", f"#!/bin/bash\necho hello > /dev/tcp/127.0.0.1/{port}\n")
        ask(replace(program, own=True), None, "")
        listening.settimeout(5)
        caller: socket.socket = listening.accept()[0]
        with caller:
            assert caller.recv(100) == b"hello\n"
