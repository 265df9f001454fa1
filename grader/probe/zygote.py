"""The zygote: a warm process in the learner's interpreter that loads their project in forks of itself.

It runs nothing of the learner's. The judge talks to it over a socket it inherited: `load` hands over the
control channel of a new project process and where its output goes; `sweep` ends what checks left behind.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys

from . import app_server, confine, guard, preload, warm_up
from .wire import Channel


def main() -> None:
    """Entry point. The last two arguments: the descriptor of the control socket, and the configuration."""
    descriptor, config = int(sys.argv[-2]), json.loads(sys.argv[-1])
    channel = Channel(socket.socket(fileno=descriptor))
    os.set_inheritable(descriptor, False)
    allowed = [(host, port) for host, port in config["servers"]]
    if config["jail"]:
        confine.enter(config["jail"], channel)
        # The usual address is nobody's in here; the judge answers it, and knows who called.
        allowed += [("127.0.0.1", 6379), ("::1", 6379)]
    confine.die_with_parent()
    sys.argv[:] = ["manage.py"]
    guard.install(allowed)
    preload.import_libraries(config["own"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # workers are reaped by the kernel
    warming_up = warm_up.warm_up_zygote()
    while (received := channel.receive()) is not None:
        message, descriptors = received
        if message["do"] == "sweep":
            confine.sweep()
            channel.send({"ok": True})
            next(warming_up, None)
            continue
        if os.fork() == 0:
            channel.sock.close()
            confine.die_with_parent()
            confine.be_dumpable()
            control, log = descriptors
            app_server.become_project(control, log, message)
        for descriptor in descriptors:
            os.close(descriptor)
