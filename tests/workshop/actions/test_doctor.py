from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.hosting.jail import detect
from grader.servers import binary
from grader.servers.address import free_port
from grader.servers.private import PrivateServer
from workshop.actions.doctor import DoctorReport, Finding, Severity, doctor

STARTER = Path(__file__).parents[3] / "safeboda"


@pytest.fixture(scope="module")
def redis() -> Iterator[PrivateServer]:
    with PrivateServer() as server:
        yield server


@pytest.fixture
def project(tmp_path: Path, redis: PrivateServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DJANGO_SECRET_KEY", "DJANGO_ALLOWED_HOSTS", "HOSTS", "SECRET_KEY", "VIRTUAL_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REDIS_URL", f"unix://{redis.address}")
    return Path(shutil.copytree(STARTER, tmp_path / "safeboda", ignore=shutil.ignore_patterns("*.sqlite3")))


def examined(project: Path) -> DoctorReport:
    return doctor(project, Path(sys.executable), other_ports=())


def of(report: DoctorReport, what: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.what == what]


def test_all_is_well_with_the_starter_and_a_server(project: Path, redis: PrivateServer) -> None:
    report = examined(project)
    assert report.ok, report
    assert {finding.state for finding in report.findings if finding.what != "jail"} == {Severity.OK}
    assert [finding.what for finding in report.findings] == [
        "python", "project", "interpreter", "packages", ".env", "redis", "server", "jail"
    ]  # fmt: skip
    (found,) = of(report, "redis")
    assert "REDIS_URL in the environment" in found.sentence
    with redis.client() as client:
        assert client.call("INFO", "keyspace") == b"# Keyspace\r\n"


def test_nothing_of_the_project_is_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setenv("PYTHONPATH", str(project))
    for name in ("safeboda/settings.py", "manage.py"):
        path = project / name
        path.write_text(path.read_text() + f"\nopen({str(project / 'ran')!r}, 'w')\n")
    (project / "sitecustomize.py").write_text(f"open({str(project / 'ran')!r}, 'w')\n")
    (project / "json.py").write_text(f"open({str(project / 'ran')!r}, 'w')\n")
    examined(project)
    assert not (project / "ran").exists()


def test_no_project_is_one_finding_among_others(tmp_path: Path, project: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    report = doctor(empty, other_ports=())
    (found,) = of(report, "project")
    assert found.state is Severity.BAD
    assert "manage.py" in found.sentence
    assert of(report, "redis")[0].state is Severity.OK
    assert not report.ok


def test_settings_that_are_missing_or_do_not_parse(project: Path) -> None:
    settings = project / "safeboda" / "settings.py"
    settings.write_text("CACHES = {\n")
    assert "cannot be read as Python" in of(examined(project), "project")[0].sentence
    settings.unlink()
    assert "were not found" in of(examined(project), "project")[0].sentence


def test_packages_that_the_project_lacks(project: Path, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {os.path.realpath(sys.executable)} -I -S "$@"\n')
    python.chmod(0o755)
    (found,) = of(doctor(project, python, other_ports=()), "packages")
    assert found.state is Severity.BAD
    assert "Django, djangorestframework, redis, django-redis" in found.sentence
    assert f"{python} -m pip install" in found.remedy


def test_an_interpreter_that_does_not_run(project: Path, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    (found,) = of(doctor(project, python, other_ports=()), "interpreter")
    assert found.state is Severity.BAD
    assert "-m venv .venv" in found.remedy


@pytest.mark.parametrize("jailed", [True, False], ids=["jail", "no jail"])
def test_an_interpreter_that_a_project_brings_touches_nothing_outside(
    project: Path, tmp_path: Path, jailed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if jailed and detect() is None:
        pytest.skip("no bubblewrap")
    if not jailed:
        monkeypatch.setattr("workshop.actions.doctor.detect", lambda: None)
    canary = tmp_path / "canary"
    python = project / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\necho escaped > {canary}\necho '{{}}'\n")
    python.chmod(0o755)
    (found,) = of(doctor(project, other_ports=(), standing_in=tmp_path / "elsewhere"), "interpreter")
    assert found.state is (Severity.BAD if jailed else Severity.WARN)
    assert ("was not run" in found.sentence) is not jailed
    assert not canary.exists()


def test_a_module_of_their_own_that_hides_a_package(project: Path) -> None:
    (project / "redis.py").write_text("")
    assert any("redis.py hides" in finding.sentence for finding in of(examined(project), "packages"))


def test_a_project_that_answers_400_to_everything_without_its_dotenv(project: Path) -> None:
    settings = project / "safeboda" / "settings.py"
    settings.write_text(
        "import os\n"
        'SECRET_KEY = os.environ["SECRET_KEY"]\n'
        'ALLOWED_HOSTS = os.environ.get("HOSTS", "").split(",")\n'
        'OTHER = os.environ.get("OTHER")\n'
    )
    (project / ".env").unlink()
    key, hosts = of(examined(project), ".env")
    assert "SECRET_KEY, which is not set" in key.sentence
    assert "400" in hosts.sentence
    assert "line 3" in hosts.sentence
    assert "do not have yet" in hosts.remedy

    (project / ".env").write_text("SECRET_KEY=x\nHOSTS=localhost\n")
    (found,) = of(examined(project), ".env")
    assert found.state is Severity.OK


def test_no_dotenv_is_fine_where_the_settings_have_defaults(project: Path) -> None:
    (project / ".env").unlink()
    (found,) = of(examined(project), ".env")
    assert (found.state, found.sentence) == (Severity.OK, "There is no .env, and none is needed.")


def test_a_redis_that_is_down_is_bad_and_says_how_to_start_one(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://:secret@127.0.0.1:{free_port()}/1")
    (found,) = of(examined(project), "redis")
    assert found.state is Severity.BAD
    assert "workshop redis start" in found.remedy
    assert "secret" not in found.sentence


def test_no_server_program_is_a_finding(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(binary.VARIABLE, "/nowhere/redis-server")
    (found,) = of(examined(project), "server")
    assert found.state is Severity.BAD
    assert binary.VARIABLE in found.sentence


def test_a_redis_that_takes_no_more_keys_is_bad(project: Path, redis: PrivateServer) -> None:
    with redis.client() as client:
        client.call("CONFIG", "SET", "maxmemory", "1")
        try:
            (found,) = of(examined(project), "redis")
        finally:
            client.call("CONFIG", "SET", "maxmemory", "0")
    assert found.state is Severity.BAD
    assert "OOM" in found.sentence
