"""The judge inside the outer jail: orders come in by standard input, replies go out by standard output."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import queue
import resource
import threading
from multiprocessing.connection import Connection

from grader.boundary import replies
from grader.boundary.orders import Cancel, Connected, Order
from grader.errors import ExitStatus, WorkshopError
from grader.judge.judge import Judge
from grader.result import Verdict
from grader.sandbox.errors import Cancelled
from grader.sandbox.hosting.jail import find_jail
from grader.servers.connection_check import ConnectionReport
from grader.staging.staged import StagedBefore

FILE_BYTES = 256 * 1024 * 1024
"""What one file may take: a migrated database, or a server's log."""

_SET_DUMPABLE = 4
_KEYCTL = {"x86_64": 250, "aarch64": 219}
_JOIN_SESSION_KEYRING = 1


class Inside:
    """Judges one order after the other, and hears at once that one is cancelled."""

    def __init__(self, orders: Connection, replies: int) -> None:
        self._orders = orders
        self._replies = replies
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._connected: queue.SimpleQueue[ConnectionReport] = queue.SimpleQueue()
        self._stops: dict[int, threading.Event] = {}
        self._judge: Judge | None = None
        self._staged: StagedBefore | None = None

    def listen(self) -> None:
        """Take orders until the other side hangs up."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                match self._orders.recv():
                    case Order() as order:
                        self._stops[order.number] = threading.Event()
                        self._waiting.put(order)
                    case Connected(report):
                        self._connected.put(report)
                    case Cancel(number) if (stop := self._stops.get(number)) and self._judge:
                        self._judge.cancel(stop)
        self._waiting.put(None)

    def work(self) -> None:
        """Judge until the other side hangs up."""
        while order := self._waiting.get():
            try:
                self._run(order, self._stops[order.number])
            except Cancelled:
                self._reply(replies.Cancelled(order.number))
            except WorkshopError as error:
                self._reply(replies.Refused(error.status, error.sentence, error.remedy))
            except MemoryError:
                self._reply(
                    replies.Refused(
                        ExitStatus.CODE,
                        "What the project sent or stored takes more memory than the judge has.",
                        "Look for a response, a key or a row that grows without end.",
                    )
                )
            except Exception as error:
                why = f"Please show your instructor this: {type(error).__name__}: {error}"
                self._reply(replies.Refused(ExitStatus.OURS, "The judge itself went wrong.", why))
            finally:
                del self._stops[order.number]

    def _run(self, order: Order, stop: threading.Event) -> None:
        if self._judge is None or self._staged is None:
            self._staged = order.staged
            self._judge = Judge(
                order.limits, True, order.snapshots, hidden=(), staged=self._staged, connect=self._connect
            )
        self._staged.left_out = order.staged.left_out
        self._staged.missed = order.staged.missed
        self._staged.repository = order.staged.repository
        self._staged.current = order.staged.current
        result = self._judge.judge(order.submission, order.plan, self._tell, stop)
        self._reply(replies.Finished(order.number, result))

    def close(self) -> None:
        """End all that was started."""
        if self._judge:
            self._judge.__exit__(None, None, None)

    def _tell(self, verdict: Verdict) -> None:
        self._reply(replies.Judged(verdict))

    def _connect(self, url: str) -> ConnectionReport:
        self._reply(replies.Connect(url))
        return self._connected.get()

    def _reply(self, reply: replies.Reply) -> None:
        data = memoryview(replies.line(reply))
        with self._lock, contextlib.suppress(OSError):
            while data:
                data = data[os.write(self._replies, data) :]


def main() -> None:
    """Judge what is ordered. A project that gets hold of this process gets nothing of the machine."""
    orders, out = Connection(os.dup(0), writable=False), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
    _keep_to_itself()
    inside = Inside(orders, out)
    try:
        find_jail(True)
    except WorkshopError as error:
        os.write(out, replies.line(replies.Refused(error.status, error.sentence, error.remedy)))
        return
    os.write(out, replies.line(replies.Ready()))
    threading.Thread(target=inside.listen, daemon=True).start()
    inside.work()
    inside.close()


def _keep_to_itself() -> None:
    """No process may trace this one, and it has none of the session's keys. No file fills a disk."""
    for kind, most in ((resource.RLIMIT_FSIZE, FILE_BYTES), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (most, most))
    libc = ctypes.CDLL(None)
    libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    if number := _KEYCTL.get(platform.machine()):
        libc.syscall(number, _JOIN_SESSION_KEYRING, None)


if __name__ == "__main__":
    main()
