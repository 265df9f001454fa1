"""Where there is no jail, a project of a stranger is not judged, and the reason and the remedy are said.

Each situation is made: a search path without bubblewrap, root that lost its rights, a container that allows
no user namespaces.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.boundary import getting_a_jail
from grader.boundary.confined_judge import has_jail

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="jails are for Linux")

ROOT = Path(__file__).parents[3]
CODE = """
from grader.boundary.confined_judge import has_jail
from grader.boundary.getting_a_jail import no_jail
print(has_jail())
print(no_jail().sentence)
print(no_jail().remedy)
"""


def told(*before: str, path: str | None = None) -> list[str]:
    """What is said in a process that `before` starts: whether there is a jail, the sentence, the remedy."""
    environment = {**os.environ, "PATH": path or os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    words = [*before, sys.executable, "-c", CODE]
    ran = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60)
    if ran.returncode:
        pytest.skip(f"this machine cannot make the situation: {ran.stderr.strip()[-200:]}")
    return ran.stdout.splitlines()


@pytest.mark.skipif(not has_jail(), reason="no bubblewrap")
def test_here_is_one() -> None:
    assert told()[0] == "True"


def test_without_bubblewrap(tmp_path: Path) -> None:
    for name in ("setpriv", "apt-get"):
        (tmp_path / name).symlink_to(shutil.which(name) or "/bin/true")
    found, sentence, remedy = told(path=str(tmp_path))
    assert found == "False"
    assert "bubblewrap, which is not installed" in sentence
    assert remedy == "Install it: sudo apt-get install bubblewrap"


@pytest.mark.skipif(os.geteuid() != 0 or not has_jail(), reason="for root")
def test_root_that_may_not() -> None:
    found, sentence, remedy = told("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--")
    assert found == "False"
    assert "lets root make no namespace" in sentence
    assert "--cap-add SYS_ADMIN" in remedy


@pytest.mark.skipif(not has_jail(), reason="no bubblewrap")
def test_a_container_without_user_namespaces() -> None:
    user = ("--uid", "1000", "--gid", "1000")
    container = ("--unshare-user", *user, "--disable-userns", "--dev-bind", "/", "/")
    found, sentence, remedy = told("bwrap", *container, "--")
    assert found == "False"
    assert "no user namespaces" in sentence
    assert "user.max_user_namespaces" in remedy


@pytest.mark.skipif(not has_jail(), reason="no bubblewrap")
def test_a_container_that_has_no_user_but_root() -> None:
    found, sentence, _ = told(
        "bwrap", "--unshare-user", "--uid", "0", "--gid", "0", "--dev-bind", "/", "/", "--"
    )
    assert found == "False"
    assert "lets root make no namespace" in sentence


@pytest.mark.parametrize(
    ("setting", "value", "remedy"),
    [
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "sudo apparmor_parser -r /etc/apparmor.d/bwrap",
        ),
        ("kernel/unprivileged_userns_clone", "0", "sudo sysctl kernel.unprivileged_userns_clone=1"),
    ],
)
def test_what_a_system_forbids_is_named_with_the_command(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, remedy: str
) -> None:
    monkeypatch.setattr(getting_a_jail, "_value", lambda name: value if name == setting else "")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert remedy in getting_a_jail.no_jail().remedy
