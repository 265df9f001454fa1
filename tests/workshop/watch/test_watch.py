"""`workshop watch` as a learner uses it: in a real terminal, with a real editor's saves."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.conftest import MakeProject
from tests.workshop.watch.conftest import ALONE, AT_REST, PATIENCE, PROJECTS, RUNNING, Watch, Watching, comes
from workshop.state.lock import run_lock
from workshop.state.own_projects import remember

WAITS = "Watching: save a file"
BROKEN = "\n\ndef list(self:\n"


def test_see_it_fail_ask_mend_it_see_it_pass_and_leave(watch: Watch, make_project: MakeProject) -> None:
    project = make_project(3)
    settings = project / "safeboda" / "settings.py"
    good = settings.read_text(encoding="utf-8")
    settings.write_text(good.replace("django_redis.cache.RedisCache", "django.core.cache.backends.dummy.X"))
    watching = watch(project, "3")
    watching.sees("Activity 3", r"✗ +\w+", "not passed yet", WAITS)
    watching.press("h")
    watching.sees("hint 1 of 3", "press h again")
    watching.press("n")
    watching.sees("Activity 3 has not passed yet")

    settings.write_text(good)
    watching.sees(
        r"settings\.py saved", "B2 is judged: 1 so far", r"✓ +F1", "core of activity 3 passed", WAITS
    )
    watching.press("n")
    watching.sees("in another terminal: .*start activity-4")
    watching.press("q")
    assert watching.ends() == 0


def test_a_syntax_error_is_told_with_file_and_line_and_waited_out(
    watch: Watch, make_project: MakeProject
) -> None:
    project = make_project(3)
    views = project / "users" / "views.py"
    good = views.read_text(encoding="utf-8")
    views.write_text(good + BROKEN)
    line = len(good.splitlines()) + 3
    watching = watch(project, "3")
    watching.sees("syntax", rf"users/views\.py:{line}", WAITS)
    views.write_text(good)
    watching.sees(r"views\.py saved", "Activity 3")
    watching.press("q")
    assert watching.ends() == 0


def test_a_newer_save_ends_the_older_run_and_all_it_started(watch: Watch, make_project: MakeProject) -> None:
    project = make_project(3)
    views = project / "users" / "views.py"
    watching = watch(project, "3")
    watching.sees("Activity 3", "B3 is judged")
    assert comes(lambda: len(watching.processes()) >= AT_REST)  # a check is under way
    views.write_text(views.read_text() + BROKEN)
    watching.sees(r"views\.py saved", "syntax", WAITS)
    assert comes(lambda: len(watching.processes()) < AT_REST), watching.processes()
    watching.press("r")
    watching.sees("syntax", WAITS)
    watching.press("q")
    assert watching.ends() == 0


def test_between_two_runs_all_is_kept_that_still_holds(watch: Watch, make_project: MakeProject) -> None:
    project = make_project(3)
    views = project / "users" / "views.py"
    watching = watch(project, "3")
    watching.sees("core of activity 3 passed", WAITS)
    first = watching.rests()
    watching.press("r")
    watching.sees("core of activity 3 passed", WAITS)
    assert first - watching.rests() == {max(first)}  # the child that was ready
    first = watching.rests()
    views.write_text(views.read_text() + "\n# changed\n")
    watching.sees(r"views\.py saved", "core of activity 3 passed", WAITS)
    replaced = first - watching.rests()
    assert len(replaced) == PROJECTS + 1
    watching.press("q")
    assert watching.ends() == 0


def test_what_is_killed_from_outside_is_made_anew(watch: Watch, make_project: MakeProject) -> None:
    project = make_project(3)
    watching = watch(project, "3")
    watching.sees("core of activity 3 passed", WAITS)
    for kept in _the_judge, _the_redis_server:
        os.kill(kept(watching), signal.SIGKILL)
        watching.press("r")
        watching.sees("core of activity 3 passed", WAITS)
    watching.press("q")
    assert watching.ends() == 0


def _the_judge(watching: Watching) -> int:
    return sorted(watching.rests())[3]


def _the_redis_server(watching: Watching) -> int:
    commands = watching.processes().items()
    return next(pid for pid, command in commands if "unixsocket" in command and "/bin/sh" not in command)


@pytest.mark.parametrize("sign", [signal.SIGHUP, signal.SIGTERM])
def test_nothing_is_left_when_the_watch_is_ended_in_the_midst(
    watch: Watch, make_project: MakeProject, sign: signal.Signals
) -> None:
    project = make_project(3)
    settings = project / "safeboda" / "settings.py"
    settings.write_text(settings.read_text() + "\nwhile True:\n    pass\n")
    watching = watch(project, "3")
    watching.sees("Activity 3")
    assert comes(lambda: len(watching.processes()) > RUNNING)  # the project loads, and loads, and loads
    os.kill(watching.screen.pid, sign)
    watching.ends()
    assert comes(lambda: not watching.processes()), watching.processes()


def test_a_killed_watch_takes_its_run_along(watch: Watch, make_project: MakeProject, scratch: Path) -> None:
    project = make_project(3)
    settings = project / "safeboda" / "settings.py"
    settings.write_text(settings.read_text() + "\nwhile True:\n    pass\n")
    watching = watch(project, "3")
    watching.sees("Activity 3")
    assert comes(lambda: len(watching.processes()) > RUNNING)
    os.kill(watching.screen.pid, signal.SIGKILL)
    assert comes(lambda: not watching.processes()), watching.processes()
    for folder in (*scratch.glob("pymp-*"), *scratch.glob("watch-*")):  # for the one that was killed to do
        assert not any(folder.glob("w*-*"))
        shutil.rmtree(folder)


def test_a_folder_that_goes_and_comes_back(watch: Watch, make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(3)
    views = project / "users" / "views.py"
    views.write_text(views.read_text() + BROKEN)
    remember(project)
    watching = watch(tmp_path, "3", "--project", str(project))
    watching.sees("syntax", WAITS)
    project.rename(tmp_path / "elsewhere")
    watching.sees("folder is gone")
    assert comes(lambda: len(watching.processes()) == ALONE), watching.processes()
    (tmp_path / "elsewhere").rename(project)
    watching.sees("syntax", WAITS)
    views.write_text(views.read_text() + "\n")
    watching.sees(r"views\.py saved", "syntax", WAITS)
    watching.press("q")
    assert watching.ends() == 0


def test_another_size_draws_the_page_again(watch: Watch, make_project: MakeProject) -> None:
    project = make_project(3)
    views = project / "users" / "views.py"
    views.write_text(views.read_text() + BROKEN)
    watching = watch(project, "3")
    watching.sees("syntax", WAITS)
    watching.screen.setwinsize(30, 60)
    watching.sees("workshop watch", "syntax", WAITS)
    watching.press("q")
    assert watching.ends() == 0


def test_without_a_terminal_there_are_plain_lines_and_one_block_a_run(
    make_project: MakeProject, scratch: Path
) -> None:
    project = make_project(3)
    views = project / "users" / "views.py"
    good = views.read_text()
    views.write_text(good + BROKEN)
    command = [sys.executable, "-m", "workshop", "watch", "3"]
    env = {**os.environ, "TMPDIR": str(scratch), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=project, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as plain:
        assert plain.stdout is not None
        first = _block(plain.stdout)
        views.write_text(good + "\n" + BROKEN)
        second = _block(plain.stdout)
        plain.send_signal(signal.SIGINT)
        assert plain.wait(PATIENCE) == 0
    assert "\x1b" not in first + second
    assert "✗ syntax" in first
    assert "users/views.py saved" in second
    assert "q quit" not in first


def _block(lines: Iterable[str]) -> str:
    block = ""
    for line in lines:
        block += line
        if line.startswith(WAITS):
            return block
    raise AssertionError(f"the watch ended: {block}")


def test_nothing_of_the_learners_folder_is_imported_by_us(make_project: MakeProject, scratch: Path) -> None:
    project = make_project(3)
    for name in ("pytest", "libcst", "rich", "filelock"):
        (project / f"{name}.py").write_text("import os\nos._exit(7)\n")
    (project / "users" / "views.py").write_text(BROKEN)
    as_installed = "import sys; del sys.path[0]; from workshop.__main__ import main; main()"
    command = [sys.executable, "-c", as_installed, "watch", "3"]
    env = {**os.environ, "TMPDIR": str(scratch), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=project, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as plain:
        assert plain.stdout is not None
        assert "✗ syntax" in _block(plain.stdout)
        plain.send_signal(signal.SIGTERM)
        assert plain.wait(PATIENCE) == 0


def test_a_run_waits_for_another_command_and_says_so(watch: Watch, make_project: MakeProject) -> None:
    project = make_project(3)
    views = project / "users" / "views.py"
    views.write_text(views.read_text() + BROKEN)
    with run_lock(project, "workshop check"):
        watching = watch(project, "3")
        watching.sees("`workshop check` .* is still running in this project. This one waits for its turn")
    watching.sees("syntax", WAITS)
    watching.press("q")
    assert watching.ends() == 0


def test_a_check_beside_it_has_its_turn(make_project: MakeProject) -> None:
    project = make_project(3)
    views = project / "users" / "views.py"
    views.write_text(views.read_text() + BROKEN)
    command = [sys.executable, "-m", "workshop", "check", "3", "--format", "json"]
    with run_lock(project, "workshop watch"):
        beside = subprocess.Popen(
            command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert beside.stderr is not None
        assert "`workshop watch`" in (said := beside.stderr.readline())
        assert "waits for its turn" in said
    out, _ = beside.communicate(timeout=PATIENCE)
    assert json.loads(out)["checks"][0]["id"] == "syntax"


def test_a_name_that_means_nothing_is_refused_at_once(watch: Watch, make_project: MakeProject) -> None:
    watching = watch(make_project(3), "99")
    assert watching.ends() == 2
