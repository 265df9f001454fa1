"""The process that judges for `watch`: it keeps the project hosted between two runs, and tells what comes."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import tempfile
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from grader.boundary.confined_judge import ConfinedJudge
from grader.errors import WorkshopError
from grader.sandbox.errors import Cancelled
from workshop.actions.check import check, snapshot_folder
from workshop.actions.project import opened
from workshop.course.load import hidden
from workshop.watch.messages import Began, Ended, FromRun, Noted, Refused, Told

PATIENCE = 600.0
"""Seconds that a run waits for its turn, beside a `check` or another command."""

GOING = 5.0
"""Seconds that everything may take to be put away."""


@dataclass(frozen=True, slots=True)
class Order:
    """Judge this: the folder of manage.py, the activity (None: the one started last), the interpreter."""

    number: int
    root: Path
    activity: str | None
    python: Path | None


@dataclass(frozen=True, slots=True)
class Stop:
    """End the run of this number."""

    number: int


def serve(pipe: Connection, root: Path, scratch: str) -> None:
    """Judge what is ordered through `pipe`. Each message comes back with the number of its run, at last None.

    When the other side hangs up, or is gone, everything ends. Temporary files are made in the folder
    `scratch`, so that the other side can remove what a process that was killed has left.
    """
    tempfile.tempdir = os.environ["TMPDIR"] = scratch
    _be_silent()
    os.setsid()  # a terminal that goes tells the process that watches, and that one hangs up
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with ConfinedJudge(snapshots=snapshot_folder(root), hidden=hidden()) as judge:
        server = _Server(pipe, judge)
        threading.Thread(target=server.listen, daemon=True).start()
        server.work()


class _Server:
    """Orders wait for their turn; a stop is heard at once."""

    def __init__(self, pipe: Connection, judge: ConfinedJudge) -> None:
        self._pipe = pipe
        self._judge = judge
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._stops: dict[int, threading.Event] = {}

    def listen(self) -> None:
        """Until the other side hangs up."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                match self._pipe.recv():
                    case Order() as order:
                        self._stops[order.number] = threading.Event()
                        self._orders.put(order)
                    case Stop(number) if number in self._stops:
                        self._judge.cancel(self._stops[number])
        self._orders.put(None)
        for stop in list(self._stops.values()):
            self._judge.cancel(stop)
        last = threading.Timer(GOING, os._exit, (1,))
        last.daemon = True
        last.start()

    def work(self) -> None:
        """One run after the other, until there is nobody to tell."""
        while order := self._orders.get():
            stop = self._stops[order.number]
            try:
                self._run(order, stop)
            except Cancelled:
                pass
            except WorkshopError as error:
                if not stop.is_set():
                    self._tell(order, Refused(error.sentence, error.remedy))
            except Exception as error:
                sentence = "Something went wrong: a fault of the workshop, not of your code."
                why = f"Please show your instructor this: {type(error).__name__}: {error}"
                self._tell(order, Refused(sentence, why))
            finally:
                del self._stops[order.number]
                self._tell(order, None)

    def _run(self, order: Order, stop: threading.Event) -> None:
        with opened(
            order.root,
            order.python,
            notice=lambda sentence: self._tell(order, Noted(sentence)),
            alone="workshop watch",
            patience=PATIENCE,
            stopped=stop.is_set,
        ) as project:
            activity = project.activity(order.activity)
            self._tell(order, Began(activity.id))
            checked = check(
                project,
                activity,
                lambda verdict: self._tell(order, Told(verdict)),
                lambda submission, plan, report: self._judge.judge(submission, plan, report, stop),
            )
            self._tell(order, Ended(checked.result, checked.go_on))

    def _tell(self, order: Order, message: FromRun | None) -> None:
        with contextlib.suppress(OSError):  # nobody is there any more
            self._pipe.send((order.number, message))


def _be_silent() -> None:
    """The terminal belongs to the process that watches."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
