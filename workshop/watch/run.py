"""One run, in a process of its own: judge the project as it lies there now, and tell what comes."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import FrameType

from grader.errors import WorkshopError
from workshop.actions.check import check
from workshop.actions.project import opened
from workshop.watch.messages import Began, Ended, Noted, Refused, Told

PATIENCE = 600.0
"""Seconds that a run waits for its turn, beside a `check` or another command."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to judge: the folder of manage.py, the activity (None: the one started last), the interpreter."""

    root: Path
    activity: str | None
    python: Path | None


def run(order: Order, pipe: Connection, scratch: str) -> None:
    """Judge, and send each message through `pipe`. SIGTERM, or the end of our parent, ends it cleanly.

    Temporary files are made in the folder `scratch`, so that whoever started the run can remove what a run
    cut off between two lines has left.
    """
    tempfile.tempdir = os.environ["TMPDIR"] = scratch
    _be_silent()
    os.setsid()  # a terminal that goes tells the process that watches, and that one tells us
    signal.signal(signal.SIGTERM, _interrupt)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _judge(order, pipe)
    except WorkshopError as error:
        pipe.send(Refused(error.sentence, error.remedy))
    except KeyboardInterrupt:
        pass  # a newer save, or the end: everything of this run is put away by now
    except Exception as error:
        sentence = "Something went wrong: a fault of the workshop, not of your code."
        pipe.send(Refused(sentence, f"Please show your instructor this: {type(error).__name__}: {error}"))
    finally:
        pipe.close()


def _judge(order: Order, pipe: Connection) -> None:
    def notice(sentence: str) -> None:
        pipe.send(Noted(sentence))

    doing = "workshop watch"
    with opened(order.root, order.python, notice=notice, alone=doing, patience=PATIENCE) as project:
        activity = project.activity(order.activity)
        pipe.send(Began(activity.id))
        checked = check(project, activity, lambda verdict: pipe.send(Told(verdict)))
        pipe.send(Ended(checked.result, checked.go_on))


def _be_silent() -> None:
    """The terminal belongs to the process that watches."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _interrupt(number: int, frame: FrameType | None) -> None:
    # Once: what is put away after this must not be disturbed.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _end_with_parent() -> None:
    if parent := parent_process():
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
