"""What a project gets of our environment: a few names that it cannot do without, and nothing secret."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.hosting.jail import detect
from grader.sandbox.hosting.sandbox import Sandbox
from grader.sandbox.script import RunMode, run
from grader.submission import find
from tests.grader.conftest import Bench, verdict
from tests.projects.broken import BROKEN
from tests.projects.handout import HONEST

CANARY = "a-secret-of-whoever-judges"

_LOOK = """
import os, pathlib
own = pathlib.Path("/proc/self/environ")
value = [dict(os.environ), own.read_text(errors="replace") if own.exists() else ""]
"""

_SCRIPT = "import os\nprint(sorted(os.environ.items()))\n"


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_TOKEN", "MAPS_TOKEN", "PGPASSWORD", "HTTPS_PROXY", "DATABASE_URL"):
        monkeypatch.setenv(name, CANARY)
    monkeypatch.setenv("LC_TIME", "C")


@pytest.mark.parametrize("jailed", [True, False], ids=["jail", "no jail"])
def test_no_secret_of_ours_is_there(jailed: bool, bench: Bench) -> None:
    if jailed and detect() is None:
        pytest.skip("no bubblewrap")
    project = bench.write(HONEST)
    with Sandbox(find(project), jail=jailed) as sandbox, CheckEnvironment(sandbox.project) as environment:
        seen, raw = environment.run(_LOOK)
    assert CANARY not in str(seen) + raw
    assert seen["LC_TIME"] == "C"
    assert {"PATH", "HOME", "DJANGO_SETTINGS_MODULE"} <= set(seen)


@pytest.mark.skipif(detect() is None, reason="without a jail the port is the machine's")
def test_a_script_has_none_either(bench: Bench) -> None:
    project = bench.write(replace(HONEST, files={"script.py": _SCRIPT}))
    with Sandbox(find(project)) as sandbox, CheckEnvironment(sandbox.project) as environment:
        printed = run(environment, Path("script.py"), RunMode.RUN, None).output
    assert "'PATH'" in printed
    assert CANARY not in printed


def test_a_variable_of_the_shell_is_missed_and_the_words_name_the_file_for_it(bench: Bench) -> None:
    failed = verdict(bench.judge(BROKEN["a variable that only a shell has"].variant, ids=("B3",)), "B3")
    assert "KeyError: 'MAPS_TOKEN'" in failed.seen
    assert "no variables of your shell" in failed.means
    assert "Put MAPS_TOKEN into the file .env beside manage.py" in failed.try_


def test_a_variable_in_the_projects_own_file_is_there(bench: Bench) -> None:
    settings = 'from dotenv import load_dotenv\nload_dotenv(BASE_DIR / ".env")\n'
    settings += 'assert os.environ["MAPS_TOKEN"] == "of-the-project"\n'
    project = bench.write(replace(HONEST, settings=HONEST.settings + settings))
    with (project / ".env").open("a") as file:
        file.write("\nMAPS_TOKEN=of-the-project\n")
    assert verdict(bench.judge(project, ids=("B3",)), "B3").seen == ""
