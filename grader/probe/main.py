"""The project process: loads the learner's project once, then forks a child for every check.

The judge talks to it over a socket it inherited. `fork` hands over two more sockets and a log: the child's
own control channel, the HTTP socket to answer on, and where its output goes.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from typing import Any

from . import confine, describe, guard, shim, trouble, viewer, warm, work
from .wire import Channel


def main() -> None:
    """Entry point. The last two arguments: the descriptor of the control socket, and the configuration."""
    descriptor, config = int(sys.argv[-2]), json.loads(sys.argv[-1])
    channel = Channel(socket.socket(fileno=descriptor))
    os.set_inheritable(descriptor, False)
    root = config["root"]
    allowed = [(config["redis"][0], config["redis"][1])]
    if config["jail"]:
        confine.enter(config["jail"], channel)
        # The usual address is nobody's in here; the judge answers it, and knows who called.
        allowed += [("127.0.0.1", 6379), ("::1", 6379)]
    sys.argv[:] = ["manage.py"]
    sys.path.insert(0, root)
    guard.install(allowed)
    try:
        _load(config)
        report = {"ok": True, **describe.describe(root)}
        warm.warm()
    except BaseException as error:
        report = {"ok": False, "error": trouble.facts(error, root), "versions": describe.versions()}
    channel.send(report)
    if not report["ok"]:
        return
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
    _wait_for_work(channel, root)


def _load(config: dict[str, Any]) -> None:
    shim.load_settings(
        config["settings"], (config["redis"][0], config["redis"][1]), config["database"], config["overrides"]
    )
    import django

    django.setup()
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    viewer.install()


def _wait_for_work(channel: Channel, root: str) -> None:
    while (received := channel.receive()) is not None:
        message, descriptors = received
        if message["do"] == "sweep":
            confine.sweep()
            channel.send({"ok": True})
            continue
        control, http, log = descriptors
        if message["do"] == "fork" and os.fork() == 0:
            channel.sock.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work.become_child(control, http, log, message["database"], root)
        elif message["do"] == "become":
            work.become_child(control, http, log, message["database"], root)
        for descriptor in descriptors:
            os.close(descriptor)
