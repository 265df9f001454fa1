"""A project is hosted wherever temporary files lie, and each process of it has a database of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.route_discovery import discover_routes
from grader.sandbox.hosting.launch import RESPONSE_SECONDS, Limits
from grader.sandbox.hosting.sandbox import Sandbox
from grader.submission import find
from tests.grader.conftest import Bench
from tests.projects.handout import HONEST, with_list


def test_a_long_path_to_temporary_files_does_no_harm(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    far = bench.projects / ("x" * 90)
    far.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(far))
    with Sandbox(find(bench.write(HONEST))) as sandbox, CheckEnvironment(sandbox.project) as environment:
        path = environment.database_path
        assert environment.worker.request("GET", discover_routes(sandbox.project).list).status == 200
        assert path.exists()
    assert not path.parent.exists()
    assert list(far.iterdir()) == []


def test_checks_do_not_see_each_others_rows_or_keys(bench: Bench) -> None:
    setting = "from django.core.cache import cache\ncache.set('one', 1)"
    saving = "from users.models import User\nUser.objects.create_user(email='a@example.com')"
    counting = "from users.models import User\nvalue = User.objects.count()"
    with Sandbox(find(bench.write(HONEST))) as sandbox:
        with CheckEnvironment(sandbox.project) as first:
            before = first.run(counting)
            first.run(saving)
            first.run(setting)
            assert first.run(counting, first.another_worker()) == before + 1
            (key,) = sandbox.redis.keys()
            assert key.name.endswith(b"one")
        with CheckEnvironment(sandbox.project) as second:
            assert second.run(counting) == before
            assert sandbox.redis.keys() == []


def test_what_a_check_varies_holds_for_that_check_alone(bench: Bench) -> None:
    asking = "from django.conf import settings\nvalue = settings.CACHE_TTL"
    with Sandbox(find(bench.write(HONEST))) as sandbox:
        with CheckEnvironment(sandbox.project, {"CACHE_TTL": 77}) as varied:
            assert varied.run(asking) == 77
        with CheckEnvironment(sandbox.project) as usual:
            assert usual.run(asking) == 300


def test_the_copy_is_what_runs(bench: Bench) -> None:
    root = bench.write(HONEST)
    asking = "from django.conf import settings\nvalue = str(settings.BASE_DIR)"
    with Sandbox(find(root)) as sandbox, CheckEnvironment(sandbox.project) as environment:
        ran = Path(environment.run(asking))
    assert ran != root
    assert not ran.exists()


PID = "import os; value = os.getpid()"
REMEMBER = (
    "import users.views; before = getattr(users.views, 'seen', 0); users.views.seen = 1; value = before"
)


def test_the_next_process_is_there_already_and_remembers_nothing_of_this_one(bench: Bench) -> None:
    with Sandbox(find(bench.write(HONEST))) as sandbox:
        with CheckEnvironment(sandbox.project) as first:
            ready = sandbox.load(sandbox.project._entry)._next
            assert ready is not None
            assert first.run(REMEMBER) == 0
            assert first.run(REMEMBER) == 1
        with CheckEnvironment(sandbox.project) as second:
            assert second.worker is ready
            assert second.run(REMEMBER) == 0
            assert second.run(PID, second.another_worker()) != second.run(PID)
        with CheckEnvironment(sandbox.project, {"CACHE_TTL": 77}) as varied:
            assert varied.worker is not sandbox.load(sandbox.project._entry)._next
            assert varied.run(REMEMBER) == 0


def test_a_process_that_was_ready_and_has_gone_is_replaced(bench: Bench) -> None:
    with Sandbox(find(bench.write(HONEST))) as sandbox:
        with CheckEnvironment(sandbox.project):
            ready = sandbox.load(sandbox.project._entry)._next
            assert ready is not None
            ready.hang_up()
        with CheckEnvironment(sandbox.project) as environment:
            assert environment.worker is not ready
            assert environment.run(REMEMBER) == 0


@pytest.mark.proof
def test_a_longer_limit_lets_a_response_take_longer_than_usual(bench: Bench) -> None:
    slow = with_list(
        f"threading.Event().wait({RESPONSE_SECONDS + 0.5})\nreturn Response([])", "import threading\n"
    )
    limits = Limits(response=2 * RESPONSE_SECONDS)
    with (
        Sandbox(find(bench.write(slow)), limits) as sandbox,
        CheckEnvironment(sandbox.project) as environment,
    ):
        assert environment.worker.request("GET", "/api/users/").status == 200
