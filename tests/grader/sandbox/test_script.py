"""A script of the learner's runs beside the project: what it asks is seen, and how it ends."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.hosting.jail import detect
from grader.sandbox.hosting.sandbox import Sandbox
from grader.sandbox.observing.http import Response
from grader.sandbox.script import SITE, RunMode, run
from grader.spec import NotApplicable
from grader.submission import find
from tests.grader.conftest import Bench
from tests.projects.handout import HONEST

pytestmark = pytest.mark.skipif(detect() is None, reason="without a jail the port is the machine's")

ASKS = """
import http.client
import sys

connection = http.client.HTTPConnection("localhost", 8000, timeout=5)
for body in (None, b"\\x00\\xff"):
    connection.request("POST" if body else "GET", "/any?thing=1", body=body, headers={"X-One": "1"})
    answer = connection.getresponse()
    print(answer.status, answer.getheader("X-Two"), answer.read().decode())
sys.exit(7)
"""

CACHES = """
from django.core.cache import cache

print(cache.get("known"))
"""

IMPORTED = """
print("imported" if __name__ == "script" else "run")
"""


def played(
    bench: Bench, text: str, how: RunMode = RunMode.RUN, up: bool = True
) -> tuple[int, str, list[str]]:
    """How a script ended, what it printed, and what it asked."""
    asked: list[str] = []

    def handle(method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Response:
        asked.append(f"{method} {path} {body!r} {headers['X-One']}")
        return Response(202, {"x-two": "2"}, b"Muraho")

    project = bench.write(replace(HONEST, files={"script.py": text}))
    with Sandbox(find(project)) as sandbox, CheckEnvironment(sandbox.project) as environment:
        environment.run("from django.core.cache import cache\ncache.set('known', 'Amina')")
        ended = run(environment, Path("script.py"), how, handle if up else None)
    return ended.status, ended.output, asked


def test_it_reaches_the_judge_where_runserver_would_be(bench: Bench) -> None:
    status, output, asked = played(bench, ASKS)
    assert (status, output.splitlines()) == (7, ["202 2 Muraho"] * 2)
    assert asked == ["GET /any?thing=1 None 1", "POST /any?thing=1 b'\\x00\\xff' 1"]


def test_with_the_server_down_it_is_refused(bench: Bench) -> None:
    status, output, asked = played(bench, ASKS, up=False)
    assert (status, asked) == (1, [])
    assert "ConnectionRefusedError" in output


def test_its_cache_is_that_of_the_project(bench: Bench) -> None:
    text = "import django\n\ndjango.setup()\n" + CACHES
    assert played(bench, text)[:2] == (0, "Amina\n")


@pytest.mark.parametrize(("how", "said"), [(RunMode.RUN, "run\n"), (RunMode.IMPORT, "imported\n")])
def test_it_is_run_or_imported(bench: Bench, how: RunMode, said: str) -> None:
    assert played(bench, IMPORTED, how)[:2] == (0, said)


def test_pytest_takes_its_tests(bench: Bench) -> None:
    status, output, _ = played(bench, "def test_one():\n    assert 1 == 2\n", RunMode.TEST)
    assert status == 1
    assert "1 failed" in output


def test_without_a_jail_a_port_that_is_taken_is_told(bench: Bench) -> None:
    project = bench.write(replace(HONEST, files={"script.py": ASKS}))
    with contextlib.ExitStack() as open_:
        with contextlib.suppress(OSError):  # somebody else has it: as good
            open_.enter_context(socket.create_server(SITE))
        sandbox = open_.enter_context(Sandbox(find(project), jail=False))
        environment = open_.enter_context(CheckEnvironment(sandbox.project))
        with pytest.raises(NotApplicable, match="8000"):
            run(environment, Path("script.py"), RunMode.RUN, None)
