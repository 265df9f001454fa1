"""What is measured, and against what: all in one run, one after the other, round by round."""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.clock import Group, Took, command, group, timed
from bench.watching import Watching
from grader.boundary.confined_judge import ConfinedJudge
from grader.plan import Plan
from grader.sandbox.hosting.jail import detect
from grader.servers.address import free_port
from grader.servers.private import PrivateServer
from grader.submission import find
from workshop.author.trees import TreeKind, build
from workshop.course.load import activities, by_name, hidden
from workshop.course.plan import plan_for

ACTIVITY = 4
PLAIN = Path(__file__).parent / "plain"
EMPTY = """
import typer
app = typer.Typer()
@app.command()
def one(): pass
@app.command()
def two(): pass
app()
"""

Taken = dict[str, list[Took]]
"""What each contestant took, by name."""


@dataclass(frozen=True, slots=True)
class Name:
    """The contestants."""

    python: str = "bare Python"
    check: str = "manage.py check"
    pytest: str = "pytest + pytest-django"
    cold: str = "check, cold"
    warm: str = "watch, again"
    warm_first: str = "watch, again: first verdict"
    changed: str = "watch, after a change"
    changed_first: str = "watch, after a change: first verdict"
    jailed: str = "judge, warm, in the jail"
    free: str = "judge, warm, without a jail"
    empty: str = "an empty Typer program --help"
    help: str = "workshop --help"
    hint: str = "workshop hint"
    progress: str = "workshop progress"


NAME = Name()
LIGHT = (NAME.empty, NAME.help, NAME.hint, NAME.progress)


def plan() -> Plan:
    """What `workshop check 4` judges."""
    return plan_for(by_name(str(ACTIVITY)), activities())


def contest(rounds: int, told: Callable[[str], None]) -> Taken:
    """Measure every contestant `rounds` times. `told` hears how far it is."""
    taken: Taken = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch, ExitStack() as stack:
        project = build(Path(scratch) / "project", ACTIVITY, TreeKind.REFERENCE)
        groups = {name: stack.enter_context(group(name)) for name in ("short", "plain", "watch")}
        address = stack.enter_context(_server(groups["plain"]))
        short, plain = groups["short"], groups["plain"]
        workshop = [sys.executable, "-m", "workshop"]
        command([*workshop, "start", str(ACTIVITY), "--yes", "--catch-up"], project, short)
        command([*workshop, "check", str(ACTIVITY)], project, short)
        jails = [stack.enter_context(ConfinedJudge(jail=wanted, hidden=hidden())) for wanted in _jails()]
        watching = stack.enter_context(Watching(project, str(ACTIVITY), groups["watch"]))
        views = project / "users/views.py"
        for number in range(-1, rounds):
            told(f"round {number + 1} of {rounds}")
            took: dict[str, Took] = {
                NAME.python: command([sys.executable, "-c", "pass"], project, short),
                NAME.check: command([sys.executable, "manage.py", "check"], project, short),
                NAME.pytest: command(
                    [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(PLAIN)],
                    project,
                    plain,
                    {"BENCH_REDIS": address, "PYTHONPATH": f"{project}:{PLAIN}"},
                ),
                NAME.cold: command([*workshop, "check", str(ACTIVITY)], project, short),
                NAME.empty: command([sys.executable, "-c", EMPTY, "--help"], project, short),
            }
            for name, word in ((NAME.help, "--help"), (NAME.hint, "hint"), (NAME.progress, "progress")):
                took[name] = command([*workshop, word], project, short)
            took[NAME.warm_first], took[NAME.warm] = watching.again()

            def save(number: int = number) -> None:
                views.write_text(f"{views.read_text()}\n# {number}\n")

            took[NAME.changed_first], took[NAME.changed] = watching.after(save)
            for name, judge in zip((NAME.jailed, NAME.free)[-len(jails) :], jails, strict=True):
                judge.judge(find(project), plan())  # the change is loaded; what follows is warm
                took[name] = timed(partial(judge.judge, find(project), plan()), None)
            if number >= 0:  # the first round only warms the disk's cache
                for name, each in took.items():
                    taken[name].append(each)
    return taken


def _jails() -> list[bool]:
    return [True, False] if detect() else [False]


@contextmanager
def _server(group: Group | None) -> Iterator[str]:
    """The same server as the judge's, for the plain tests: its address."""
    port = free_port()
    with PrivateServer(("--port", str(port), "--bind", "127.0.0.1")) as server:
        info = server.client().call("INFO", "server")
        assert isinstance(info, bytes)
        if group:
            group.take(int(info.partition(b"process_id:")[2].split()[0]))
        yield f"redis://127.0.0.1:{port}/1"
