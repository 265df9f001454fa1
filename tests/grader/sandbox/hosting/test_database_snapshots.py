from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.result import Outcome
from grader.sandbox.exploring.route_discovery import discover_routes
from grader.sandbox.hosting.database_snapshots import KEPT, DatabaseSnapshot, SnapshotCache, snapshot_key
from grader.sandbox.hosting.sandbox import Sandbox
from grader.submission import find
from tests.grader.conftest import Bench
from tests.plans import plan
from tests.projects.handout import HONEST
from workshop.course.load import hidden

DESCRIPTION = {"versions": {"django": "5.2"}, "user": {"name": "users_user"}, "threads": 1}


def _break(path: Path) -> None:
    raise OSError("broken")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    migrations = tmp_path / "copy/users/migrations"
    migrations.mkdir(parents=True)
    (migrations / "0001_initial.py").write_text("operations = []")
    (tmp_path / "copy/users/views.py").write_text("one")
    return tmp_path / "copy"


def test_a_template_is_given_back_by_its_key_alone(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.write_bytes(b"rows")
    templates = SnapshotCache(tmp_path / "kept")
    assert not templates.take("a", tmp_path / "first")
    templates.keep("a", made)
    assert templates.take("a", tmp_path / "second")
    assert (tmp_path / "second").read_bytes() == b"rows"
    assert not templates.take("b", tmp_path / "third")
    assert not (tmp_path / "third").exists()


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.write_bytes(b"rows")
    templates = SnapshotCache(tmp_path / "kept")
    for number in range(KEPT + 3):
        templates.keep(str(number), made)
    assert len(list((tmp_path / "kept").iterdir())) == KEPT


def test_what_was_there_before_a_migration_failed_is_made_again(tmp_path: Path) -> None:
    template = DatabaseSnapshot(tmp_path / "template", None)
    template.prepare("good", lambda path: path.touch())
    with pytest.raises(OSError, match="broken"):
        template.prepare("bad", _break)
    template.prepare("good", lambda path: path.touch())
    assert template.path.exists()


def test_a_folder_that_cannot_be_made_costs_time_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file is in the way")
    made = tmp_path / "made"
    made.write_bytes(b"rows")
    SnapshotCache(tmp_path / "kept").keep("a", made)
    assert not SnapshotCache(tmp_path / "kept").take("a", tmp_path / "first")


def test_the_key_follows_migrations_and_versions_and_nothing_else(copy: Path) -> None:
    key = snapshot_key(copy, DESCRIPTION)
    (copy / "users/views.py").write_text("two")
    assert snapshot_key(copy, {**DESCRIPTION, "threads": 2}) == key
    assert snapshot_key(copy, {**DESCRIPTION, "versions": {"django": "6.0"}}) != key
    (copy / "users/migrations/0002_more.py").write_text("operations = []")
    assert snapshot_key(copy, DESCRIPTION) != key


def test_a_second_run_takes_the_template_of_the_first(bench: Bench, tmp_path: Path) -> None:
    from grader.judge import judge
    from grader.submission import find

    project = find(bench.write(HONEST))
    wanted = plan("B3", "L2")
    kept = tmp_path / "kept"
    assert judge(project, wanted, snapshots=kept, hidden=hidden()).outcome is Outcome.PASSED
    (template,) = kept.iterdir()
    first = template.stat()
    assert judge(project, wanted, snapshots=kept, hidden=hidden()).outcome is Outcome.PASSED
    assert template.stat().st_mtime_ns == first.st_mtime_ns, "it was migrated again"
    template.write_bytes(b"no database")
    assert judge(project, wanted, snapshots=kept, hidden=hidden()).outcome is not Outcome.PASSED, (
        "it was not taken"
    )


def test_a_receiver_that_raises_stops_no_database(tmp_path: Path) -> None:
    receiver = (
        "\n\nfrom django.db.models.signals import post_save\n"
        "from django.dispatch import receiver\n\n\n"
        "@receiver(post_save, sender='users.User')\n"
        "def broken(sender, **kwargs):\n"
        "    raise TypeError('not today')\n"
    )
    project = replace(HONEST, views=HONEST.views + receiver).write(tmp_path / "boda")
    with Sandbox(find(project)) as sandbox:
        assert discover_routes(sandbox.project).list == "/api/users/"
