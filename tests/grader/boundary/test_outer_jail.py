"""What the judge could reach of the machine, if what it parses took it over: nothing."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from grader.boundary import outer_jail
from grader.sandbox.hosting.interpreter import visible
from tests.grader.boundary.conftest import Inside
from workshop.course.load import hidden

ALLOWED = {"bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "nix", "proc", "sbin", "usr"}
"""Top folders of the system; our Python, the package and the staged project may lie in others."""


def test_a_file_of_the_machine_is_not_there(inside: Inside, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a word of the machine")
    seen = inside(f"import os; print(os.path.exists({str(secret)!r}), os.listdir('/stage'))")
    assert seen == "False ['manage.py']\n"


def test_the_root_folder_is_a_list_of_what_is_allowed(inside: Inside) -> None:
    seen = set(json.loads(inside("import json, os; print(json.dumps(os.listdir('/')))")))
    own = {path.parts[1] for path in _shown()}
    assert seen <= ALLOWED | own | {"snapshots", "stage", "tmp"}
    assert not seen & ({"var", "srv", "boot", "media", "mnt", "opt", "sys"} - own)


def test_the_settings_of_the_system_are_a_few(inside: Inside) -> None:
    secrets = ("/etc/shadow", "/etc/hostname", "/etc/machine-id", "/etc/ssh", "/etc/crontab", "/etc/sudoers")
    assert inside(f"import os; print([p for p in {secrets!r} if os.path.exists(p)])") == "[]\n"


def test_the_course_is_not_there(inside: Inside) -> None:
    folders = [str(folder) for folder in hidden()]
    code = f"import os; print([p for p in {folders!r} if os.path.exists(p) and os.listdir(p)])"
    assert inside(code) == "[]\n"


def test_only_memory_and_the_snapshots_can_be_written(inside: Inside) -> None:
    folders = (
        "/",
        "/stage",
        "/usr",
        "/etc",
        "/dev",
        "/proc",
        str(Path(os.__file__).parent),
        "/tmp",
        "/snapshots",
    )
    code = (
        "import os\n"
        f"for folder in {folders!r}:\n"
        "    try:\n"
        "        open(os.path.join(folder, 'canary'), 'w').close()\n"
        "        print(folder)\n"
        "    except OSError:\n"
        "        pass\n"
    )
    assert inside(code).split() == ["/tmp", "/snapshots"]


def test_what_stays_in_memory_has_a_limit(inside: Inside) -> None:
    code = "import os; print(*(s.f_blocks * s.f_frsize for s in map(os.statvfs, ('/tmp', '/dev/shm'))))"
    temporary, shared = map(int, inside(code).split())
    assert temporary <= outer_jail.TEMPORARY_BYTES
    assert shared <= 16 * 1024 * 1024


def test_the_environment_is_a_list_of_what_is_allowed(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "a word of the machine")
    seen = set(json.loads(inside("import json, os; print(json.dumps(dict(os.environ)))")))
    allowed = {
        "PATH",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "TZ",
        "WORKSHOP_REDIS_SERVER",
        "HOME",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "_",
    }
    assert {name for name in seen if not name.startswith("PYTHON")} <= allowed


def test_no_address_of_the_machine_answers(inside: Inside) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        code = (
            "import socket\n"
            "try:\n"
            f"    socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}), 1)\n"
            "    print('connected')\n"
            "except OSError as error:\n"
            "    print(type(error).__name__)\n"
            "print([name for _, name in socket.if_nameindex()])\n"
        )
        assert inside(code) == "ConnectionRefusedError\n['lo']\n"


def test_nobody_there_has_a_right(inside: Inside) -> None:
    status = inside("print(open('/proc/self/status').read())")
    rights = {
        line.split()[0]: line.split()[1] for line in status.splitlines() if line.startswith(("Cap", "NoNew"))
    }
    for name in ("CapInh:", "CapPrm:", "CapEff:", "CapAmb:"):
        assert int(rights[name], 16) == 0
    assert rights["NoNewPrivs:"] == "1"
    assert inside("import os; print(os.getuid())") != "0\n"


def test_only_its_own_processes_are_there(inside: Inside) -> None:
    code = "import os; print(len([name for name in os.listdir('/proc') if name.isdigit()]))"
    assert int(inside(code)) <= 4


def test_the_inner_jail_can_be_made_there(inside: Inside) -> None:
    assert inside("from grader.sandbox.hosting.jail import detect; print(detect() is not None)") == "True\n"


def _shown() -> set[Path]:
    seen = visible(outer_jail.ours())
    return {*outer_jail._judge(), *seen.folders, *seen.links}
