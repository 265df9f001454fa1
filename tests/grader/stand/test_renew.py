"""A host that outlives a run: what has not changed stays, what has is new, and nothing old goes on."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.stand.host import Host
from grader.stand.search import routes_of
from grader.stand.stand import Stand
from grader.stand.trouble import NoAnswer
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
def host(root: Path) -> Iterator[Host]:
    """A host that had its first run."""
    with Host(find(root)) as host:
        told(host)
        yield host


def told(host: Host) -> tuple[int, int]:
    """The project's process and the zygote's, after a look at the routes."""
    routes_of(host)
    with Stand(host) as stand:
        return stand.run(PROJECT), host._processes._zygote._popen.pid


def renewed(host: Host) -> tuple[int, int]:
    """The same after a renewal."""
    host.renew(find(host.submission.root))
    return told(host)


def write(file: Path, text: str) -> None:
    """Add to a file."""
    with file.open("a", encoding="utf-8") as open_file:
        open_file.write(text)


def test_what_has_not_changed_stays_loaded_and_the_next_run_begins_empty(host: Host) -> None:
    before = told(host)
    with Stand(host) as stand:
        stand.run("from django.core.cache import cache\ncache.set('left', 1)")
        stand.run("from users.models import User\nUser.objects.create_user(email='left@example.com')")
    assert renewed(host) == before
    assert host.redis.keys() == []
    with Stand(host) as stand:
        assert not stand.run(
            "from users.models import User\nvalue = User.objects.filter(email='left@example.com').count()"
        )


def test_a_change_is_loaded_by_a_new_project_from_the_same_zygote(host: Host, root: Path) -> None:
    project, zygote = told(host)
    template = host._template.path.stat().st_mtime_ns
    write(root / "users/views.py", "\nMARK = 1\n")
    now = renewed(host)
    assert now[0] != project
    assert now[1] == zygote
    assert host._template.path.stat().st_mtime_ns == template, "it was migrated again"
    with Stand(host) as stand:
        assert stand.run(MARK) == 1
    # As long as before, and within the same second: no compiled file may take its place.
    text = (root / "users/views.py").read_text()
    (root / "users/views.py").write_text(text.replace("MARK = 1", "MARK = 2"))
    assert renewed(host)[1] == zygote
    with Stand(host) as stand:
        assert stand.run(MARK) == 2


def test_a_file_that_the_project_wrote_is_not_there_in_the_next_run(host: Host) -> None:
    project, _ = told(host)
    with Stand(host) as stand:
        stand.run("open('left.txt', 'w').write('here')")
    assert renewed(host)[0] != project
    with Stand(host) as stand:
        assert not stand.run("import os; value = os.path.exists('left.txt')")


def test_a_new_migration_makes_a_new_database(host: Host, root: Path) -> None:
    write(
        root / "users/migrations/0009_more.py",
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        f"    dependencies = [('users', {newest(root)!r})]\n"
        "    operations = [migrations.RunSQL('CREATE TABLE more (one INTEGER)')]\n",
    )
    renewed(host)
    with Stand(host) as stand:
        asking = "from django.db import connection\nvalue = 'more' in connection.introspection.table_names()"
        assert stand.run(asking)


def newest(root: Path) -> str:
    """The name of the last migration of users."""
    return max(path.stem for path in (root / "users/migrations").glob("0*.py"))


def test_a_module_of_a_librarys_name_wants_another_zygote(host: Host, root: Path) -> None:
    _, zygote = told(host)
    (root / "dotenv_more.py").write_text("")
    assert renewed(host)[1] != zygote


def test_a_server_that_was_ended_is_replaced(host: Host) -> None:
    server = host._server.client().call("INFO", "server")
    assert isinstance(server, bytes)
    os.kill(int(server.partition(b"process_id:")[2].split()[0]), 9)
    renewed(host)
    with Stand(host) as stand:
        stand.run("from django.core.cache import cache\ncache.set('one', 1)")
        assert len(host.redis.keys()) == 1


def test_a_run_that_is_cancelled_gets_no_answer_and_leaves_the_zygote(host: Host) -> None:
    _, zygote = told(host)
    with Stand(host) as stand, host.proxy.hold(lambda command: True) as asked:

        def cancel_once_asked() -> None:
            assert asked.wait(10)
            host.cancel()

        cancelling = threading.Thread(target=cancel_once_asked)
        cancelling.start()
        with pytest.raises(NoAnswer, match="ended"):
            stand.child.request("GET", routes_of(host).list)
        cancelling.join()
    with pytest.raises(NoAnswer, match="stopped"):
        host.open()
    assert renewed(host)[1] == zygote


def test_a_project_that_does_not_go_is_ended_with_its_zygote(host: Host, root: Path) -> None:
    _, zygote = told(host)
    write(root / "users/views.py", "\nwhile True:\n    pass\n")
    host.renew(find(root))
    (root / "users/views.py").write_text(HONEST.views)
    assert renewed(host)[1] != zygote


def test_a_project_with_threads_rests_between_runs(bench: Bench) -> None:
    views = "\nimport threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    root = bench.write(HONEST)
    write(root / "users/views.py", views)
    with Host(find(root)) as host:
        with Stand(host) as stand:
            stand.run(PROJECT)
        host.rest()
        assert not host._processes._loaded
        host.renew(find(root))
        with Stand(host) as stand:
            assert stand.child.request("GET", routes_of(host).list).status == 200
