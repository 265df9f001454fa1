"""A management command on the sandbox: what it says of itself, as manage.py would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.result import SourceLocation
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.hosting.sandbox import Sandbox
from grader.submission import find
from tests.projects.handout import HONEST

COMMAND = """\
import sys

from django.core.management.base import BaseCommand, CommandError

from users.models import User


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("how")

    def handle(self, *args, how, **options):
        print("printed")
        self.stdout.write(f"{User.objects.count() > 0} written")
        if how == "refuses":
            raise CommandError("not today", returncode=3)
        if how == "breaks":
            raise KeyError("lost")
        if how == "says":
            sys.exit("a word")
        if how == "leaves":
            sys.exit(4)
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CheckEnvironment]:
    root: Path = replace(HONEST, files={"users/management/commands/work.py": COMMAND}).write(
        tmp_path_factory.mktemp("command") / "boda"
    )
    with Sandbox(find(root)) as sandbox, CheckEnvironment(sandbox.project) as environment:
        yield environment


@pytest.mark.parametrize(
    ("how", "status", "last", "where"),
    [
        ("works", 0, "True written", None),
        ("refuses", 3, "CommandError: not today", SourceLocation("users/management/commands/work.py", 16)),
        ("breaks", 1, "KeyError: 'lost'", SourceLocation("users/management/commands/work.py", 18)),
        ("says", 1, "a word", None),
        ("leaves", 4, "True written", None),
    ],
)
def test_a_command_ends_as_it_would_in_a_terminal(
    environment: CheckEnvironment, how: str, status: int, last: str, where: SourceLocation | None
) -> None:
    ran = environment.command("work", how)
    assert (ran.status, ran.last, ran.known, ran.where, ran.sql) == (status, last, True, where, 1)
    assert ran.output.startswith("printed\nTrue written")
    told = [event.text for event in environment.timeline.events()]
    assert told[-2:] == [f"manage.py work {how}", f"manage.py work {how} ended with status {status}: {last}"]


def test_a_command_that_is_not_there_is_not_known(environment: CheckEnvironment) -> None:
    ran = environment.command("wrok")
    assert not ran.known
    assert ran.status != 0
