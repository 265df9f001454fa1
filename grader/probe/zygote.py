"""The zygote: a warm process in the learner's interpreter that forks the app servers.

The zygote runs no code of the learner. The judge sends messages over an inherited socket: `load` carries the
control channel of a new app server and the pipe for its output; `sweep` ends the processes that checks left.
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
    """Entry point. The last two arguments are the descriptor of the control socket and the configuration."""
    descriptor, config = int(sys.argv[-2]), json.loads(sys.argv[-1])
    channel = Channel(socket.socket(fileno=descriptor))
    os.set_inheritable(descriptor, False)
    allowed = [(host, port) for host, port in config["servers"]]
    if config["jail"]:
        confine.enter(config["jail"], channel)
        # In the jail, the judge's proxy listens at the default address too, and counts its connections.
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
