"""Judges a project that is out to cheat or to harm, and looks at what it might have reached outside.

Linux with bubblewrap only; elsewhere it is skipped by name. Whatever an adversary leaves behind is a child
of this process, since it takes in the orphans of all that it starts.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from grader.boundary.confined_judge import has_jail
from grader.errors import MachineError
from grader.result import Fault, Outcome, Result
from grader.sandbox.hosting.launch import Limits
from grader.servers.address import Tcp
from grader.servers.listener import listen_by_number
from grader.servers.private import PrivateServer
from grader.servers.proxy import Proxy
from workshop.author.corpus import Adversary
from workshop.author.corpus_judge import CorpusJudge, failing, feedback, plan_of, verdict
from workshop.author.proof import Job, Proof
from workshop.author.proofs import outcomes
from workshop.author.transcript import LOOK
from workshop.screens.result import failure

ESCAPED = "boda-escaped"
"""The name of every file and key that an adversary tries to leave outside."""

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of <linux/prctl.h>
_GONE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Outside:
    """What an adversary must not change: a server that listens as a learner's own does, and a database."""

    server: PrivateServer
    address: Tcp
    line: Proxy
    database: Path


def prove_adversary(job: Job, adversary: Adversary, judge: CorpusJudge) -> Proof:
    """It gains nothing, harms nothing and leaves nothing; what was listed fails, and all else passes."""
    if not has_jail():
        return Proof(job, skipped="there is no jail here (bubblewrap, on Linux)")
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    before = _descendants(os.getpid())
    with _outside(judge) as outside:
        project = judge.write(adversary.recipe)
        _name_the_targets(project, outside)
        fingerprint, database = _fingerprint(project), outside.database.read_bytes()
        began = time.monotonic()
        limits = Limits(load=float(adversary.load), response=float(adversary.answer))
        try:
            result = judge.judge(
                project, plan_of(project, adversary.activity, adversary.judged, core=False), limits, jail=True
            )
        except MachineError as error:
            return Proof(job, (f"the judge gave up: {error.sentence}",))
        took = time.monotonic() - began
        short = [*_verdicts(adversary, result), *_screens(result)]
        if took > adversary.seconds:
            short.append(f"it took {took:.0f} s, and {adversary.seconds} s were allowed")
        if _fingerprint(project) != fingerprint:
            short.append("the learner's own folder was changed")
        if outside.database.read_bytes() != database:
            short.append("a database outside was changed")
        short += _server(outside)
    short += _files(judge)
    short += _left_running(before)
    return Proof(job, tuple(short), outcomes=outcomes(result))


def _verdicts(adversary: Adversary, result: Result) -> Iterator[str]:
    failed = failing(result)
    for id, how in adversary.fails.items():
        if failed.get(id) != how:
            found = verdict(result, id)
            came = f"failed as {failed[id]!r}" if id in failed else f"was {found.outcome if found else '?'}"
            yield f"{id} should have failed as {how!r} and {came}: {found.seen if found else ''}"
    for each in result.checks:
        if each.id in failed and each.id not in adversary.fails:
            yield f"{each.id} failed ({each.how}): {each.seen}"
        if each.outcome is not Outcome.PASSED and each.fault not in (Fault.CODE, None):
            yield f"{each.id} puts the fault on {each.fault}: {each.seen}"
        if each.outcome is Outcome.SKIPPED:
            yield f"{each.id} was skipped: {each.seen}"
    first = verdict(result, next(iter(adversary.fails), ""))
    if adversary.says and (first is None or adversary.says not in feedback(first)):
        yield f"it does not say {adversary.says!r} but: {feedback(first) if first else ''}"
    if result.jail == "none":
        yield "it was judged without a jail"


def _screens(result: Result) -> Iterator[str]:
    """Characters on a learner's screen that are no text."""
    for each in result.checks:
        screen = io.StringIO()
        Console(file=screen, width=LOOK.width, color_system=None, markup=False).print(failure(each, LOOK))
        odd = {c for c in screen.getvalue() if not c.isprintable() and c != "\n"}
        if odd:
            yield f"the screen of {each.id} has {', '.join(sorted(map(ascii, odd)))}"


@contextmanager
def _outside(judge: CorpusJudge) -> Iterator[Outside]:
    """A server on a port of the loopback, and a database, neither in the jail."""
    database = judge.folder / "outside.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE users_user (id INTEGER PRIMARY KEY, first_name, password, email)")
        connection.execute("INSERT INTO users_user VALUES (1, 'outside', 'secret', 'outside@example.com')")
    connection.close()
    with PrivateServer() as server, Proxy(server.address, listen_by_number()) as line:
        with server.client() as client:
            client.call("SET", "mine", "here")
        yield Outside(server, line.address, line, database)


def _name_the_targets(project: Path, outside: Outside) -> None:
    """Tell the adversary what it could aim at: these names stand for a port and a path."""
    for file in project.rglob("*.py"):
        if file.is_symlink() or not file.is_file():
            continue
        text = file.read_text(encoding="utf-8")
        named = text.replace("CANARY_PORT", str(outside.address.port))
        named = named.replace("CANARY_DATABASE", str(outside.database))
        if named != text:
            file.write_text(named, encoding="utf-8")


def _server(outside: Outside) -> Iterator[str]:
    if outside.line.since():
        yield f"a server outside was called: {outside.line.since()[0].command}"
    with outside.server.client() as client:
        if client.call("GET", "mine") != b"here" or client.call("DBSIZE") != 1:
            yield "the data of a server outside were changed"


def _fingerprint(project: Path) -> str:
    """All names, links and bytes below a folder."""
    digest = hashlib.sha256()
    for path in sorted(project.rglob("*")):
        digest.update(os.fsencode(path.relative_to(project)))
        if path.is_symlink():
            digest.update(os.fsencode(path.readlink()))
        elif path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(judge: CorpusJudge) -> Iterator[str]:
    """What lies where it should not: files outside, and anything that the run did not clear away."""
    for folder in (Path("/tmp"), Path("/var/tmp"), Path.home(), Path.cwd(), judge.folder):
        if (folder / ESCAPED).exists():
            yield f"{folder / ESCAPED} was written"
            (folder / ESCAPED).unlink()
    for left in sorted(judge.scratch.iterdir()):
        yield f"the run left {left.name} behind"


def _left_running(before: set[int]) -> Iterator[str]:
    """Processes that outlived the run; they are ended."""
    deadline = time.monotonic() + _GONE_SECONDS
    while (left := _descendants(os.getpid()) - before) and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    for process in left:
        yield f"a process is left: {_words(process)}"
        os.kill(process, signal.SIGKILL)


def _descendants(ancestor: int) -> set[int]:
    """The processes below one, the dead that nobody has buried yet left out."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it ended meanwhile
        if state not in "ZX":
            children.setdefault(int(parent), []).append(int(folder.name))
    found: set[int] = set()
    waiting = [ancestor]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting += below
    return found


def _words(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return str(process)
