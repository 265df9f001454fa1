"""A sandbox that outlives a run: what has not changed stays, what has is new, and nothing old goes on."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.errors import NoResponse
from grader.sandbox.exploring.route_discovery import discover_routes
from grader.sandbox.hosting.sandbox import Sandbox
from grader.submission import find
from tests.grader.conftest import Bench
from tests.projects.handout import HONEST

PROJECT = "import os; value = os.getppid()"
MARK = "import users.views; value = getattr(users.views, 'MARK', None)"


@pytest.fixture
def root(bench: Bench) -> Path:
    """The honest project."""
    return bench.write(HONEST)


@pytest.fixture
def sandbox(root: Path) -> Iterator[Sandbox]:
    """A sandbox that had its first run."""
    with Sandbox(find(root)) as sandbox:
        told(sandbox)
        yield sandbox


def told(sandbox: Sandbox) -> tuple[int, int]:
    """The project's process and the zygote's, after a look at the routes."""
    discover_routes(sandbox.project)
    with CheckEnvironment(sandbox.project) as environment:
        return environment.run(PROJECT), sandbox.pool._zygote._popen.pid


def renewed(sandbox: Sandbox) -> tuple[int, int]:
    """The same after a renewal."""
    sandbox.renew(find(sandbox.submission.root))
    return told(sandbox)


def write(file: Path, text: str) -> None:
    """Add to a file."""
    with file.open("a", encoding="utf-8") as open_file:
        open_file.write(text)


def test_what_has_not_changed_stays_loaded_and_the_next_run_begins_empty(sandbox: Sandbox) -> None:
    before = told(sandbox)
    with CheckEnvironment(sandbox.project) as environment:
        environment.run("from django.core.cache import cache\ncache.set('left', 1)")
        environment.run("from users.models import User\nUser.objects.create_user(email='left@example.com')")
    assert renewed(sandbox) == before
    assert sandbox.redis.keys() == []
    with CheckEnvironment(sandbox.project) as environment:
        assert not environment.run(
            "from users.models import User\nvalue = User.objects.filter(email='left@example.com').count()"
        )


def test_a_change_is_loaded_by_a_new_project_from_the_same_zygote(sandbox: Sandbox, root: Path) -> None:
    project, zygote = told(sandbox)
    template = sandbox._snapshot.path.stat().st_mtime_ns
    write(root / "users/views.py", "\nMARK = 1\n")
    now = renewed(sandbox)
    assert now[0] != project
    assert now[1] == zygote
    assert sandbox._snapshot.path.stat().st_mtime_ns == template, "it was migrated again"
    with CheckEnvironment(sandbox.project) as environment:
        assert environment.run(MARK) == 1
    # As long as before, and within the same second: no compiled file may take its place.
    text = (root / "users/views.py").read_text()
    (root / "users/views.py").write_text(text.replace("MARK = 1", "MARK = 2"))
    assert renewed(sandbox)[1] == zygote
    with CheckEnvironment(sandbox.project) as environment:
        assert environment.run(MARK) == 2


def test_a_file_that_the_project_wrote_is_not_there_in_the_next_run(sandbox: Sandbox) -> None:
    project, _ = told(sandbox)
    with CheckEnvironment(sandbox.project) as environment:
        environment.run("open('left.txt', 'w').write('here')")
    assert renewed(sandbox)[0] != project
    with CheckEnvironment(sandbox.project) as environment:
        assert not environment.run("import os; value = os.path.exists('left.txt')")


def test_a_new_migration_makes_a_new_database(sandbox: Sandbox, root: Path) -> None:
    write(
        root / "users/migrations/0009_more.py",
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        f"    dependencies = [('users', {newest(root)!r})]\n"
        "    operations = [migrations.RunSQL('CREATE TABLE more (one INTEGER)')]\n",
    )
    renewed(sandbox)
    with CheckEnvironment(sandbox.project) as environment:
        asking = "from django.db import connection\nvalue = 'more' in connection.introspection.table_names()"
        assert environment.run(asking)


def newest(root: Path) -> str:
    """The name of the last migration of users."""
    return max(path.stem for path in (root / "users/migrations").glob("0*.py"))


def test_a_module_of_a_librarys_name_wants_another_zygote(sandbox: Sandbox, root: Path) -> None:
    _, zygote = told(sandbox)
    (root / "dotenv_more.py").write_text("")
    assert renewed(sandbox)[1] != zygote


def test_a_server_that_was_ended_is_replaced(sandbox: Sandbox) -> None:
    server = sandbox._server.client().call("INFO", "server")
    assert isinstance(server, bytes)
    os.kill(int(server.partition(b"process_id:")[2].split()[0]), 9)
    renewed(sandbox)
    with CheckEnvironment(sandbox.project) as environment:
        environment.run("from django.core.cache import cache\ncache.set('one', 1)")
        assert len(sandbox.redis.keys()) == 1


def test_a_run_that_is_cancelled_gets_no_answer_and_leaves_the_zygote(sandbox: Sandbox) -> None:
    _, zygote = told(sandbox)
    with CheckEnvironment(sandbox.project) as environment, sandbox.proxy.hold(lambda command: True) as asked:

        def cancel_once_asked() -> None:
            assert asked.wait(10)
            sandbox.cancel()

        cancelling = threading.Thread(target=cancel_once_asked)
        cancelling.start()
        with pytest.raises(NoResponse, match="ended"):
            environment.worker.request("GET", discover_routes(sandbox.project).list)
        cancelling.join()
    with pytest.raises(NoResponse, match="stopped"):
        sandbox.project.fresh_worker()
    assert renewed(sandbox)[1] == zygote


def test_a_project_that_does_not_go_is_ended_with_its_zygote(sandbox: Sandbox, root: Path) -> None:
    _, zygote = told(sandbox)
    write(root / "users/views.py", "\nwhile True:\n    pass\n")
    sandbox.renew(find(root))
    (root / "users/views.py").write_text(HONEST.views)
    assert renewed(sandbox)[1] != zygote


def test_a_project_with_threads_rests_between_runs(bench: Bench) -> None:
    views = "\nimport threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    root = bench.write(HONEST)
    write(root / "users/views.py", views)
    with Sandbox(find(root)) as sandbox:
        with CheckEnvironment(sandbox.project) as environment:
            environment.run(PROJECT)
        sandbox.end_if_threaded()
        assert not sandbox.pool._loaded
        sandbox.renew(find(root))
        with CheckEnvironment(sandbox.project) as environment:
            assert environment.worker.request("GET", discover_routes(sandbox.project).list).status == 200
