"""Activity 8, the challenge: what production does with a server that is not named, silent, or shared."""

from __future__ import annotations

import secrets
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from grader.checks.activity_8 import asked, loaded, use
from grader.result import SourceLocation
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.errors import LoadFailed, SandboxError
from grader.sandbox.exploring.api import Api
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.production_app import ProductionApp, server_of
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.redis import Redis
from grader.servers.proxy import Proxy
from grader.spec import ExtraServer, check, expect
from grader.static_analysis.passwords import passwords
from grader.static_analysis.production_settings import USUAL, sources
from grader.submission import Submission

PATIENCE = 2.5
"""Seconds without a word on the line after which a client has no time-out of 2 seconds."""
GIVE_UP = 12.0
LOOK = 0.05


@check("R3", needs=("R4",), servers=(ExtraServer.SECOND,), about_cache=False)
def check_a_missing_variable_is_heard(environment: CheckEnvironment, production_app: ProductionApp) -> None:
    missing = " and ".join(production_app.found.addresses)
    bare = production_app.enter(None)
    environment.timeline.note(f"{missing} not set")
    try:
        worker = environment.worker_of(bare)
    except LoadFailed:
        heard = True
    else:
        raised = not use(environment, worker, "workshop-nobody").get("ok")
        heard = raised or bool(asked(environment, worker))
    expect(
        heard,
        seen=f"without {missing}, production started, kept a value, and asked no server for it",
        how="process_memory",
    )


@check("R5", needs=("R4",), servers=(ExtraServer.SECOND,), about_cache=False)
def check_a_hanging_server_is_given_up(environment: CheckEnvironment, production_app: ProductionApp) -> None:
    proxy = environment.proxy
    live = loaded(production_app.enter(server_of(proxy), production_app.single(environment)), production_app)
    worker, fresh = environment.worker_of(live), environment.worker_of(live)
    use(environment, worker, "workshop-before")
    environment.timeline.note("Redis hangs: it accepts and never answers")
    proxy.hang()
    expect(
        _waits(proxy, worker) <= PATIENCE,
        seen=f"a cache.get() waited for more than {PATIENCE:g} s for a server that said nothing",
        how="no_timeout",
    )
    environment.timeline.note("Redis hangs: it does not even accept")
    proxy.blackhole()
    host, port = proxy.address.host, proxy.address.port
    filled = fresh.ask("run", "the shell ran", code=_FILL.format(host=host, port=port)).get("value")
    expect(
        not filled or _waits(proxy, fresh) <= PATIENCE,
        seen=f"a cache.get() waited for more than {PATIENCE:g} s for a server that accepted no connection",
        how="no_timeout",
    )


@check("R6", needs=("R4",), servers=(ExtraServer.SECOND,), about_cache=False)
def check_two_environments_are_apart(
    environment: CheckEnvironment, redis: Redis, production_app: ProductionApp
) -> None:
    name = f"workshop-{secrets.token_hex(4)}"
    if production_app.found.has_environment_variable:
        other, first = "staging", USUAL
        db = "1"
    else:
        other, first = "the project at home", "production"
        use(environment, environment.worker, name)
        stored = redis.keys()
        db = str(stored[0].db) if stored else "1"
        redis.flush()
    server = server_of(environment.proxy, db)
    address = production_app.single(environment)
    worker = environment.worker_of(loaded(production_app.enter(server, address), production_app))
    second = (
        environment.worker_of(
            loaded(production_app.enter(server, address, environment="staging"), production_app)
        )
        if production_app.found.has_environment_variable
        else environment.worker
    )
    environment.run(_SET.format(name=name, value="of one"), worker, says=f"{first}: cache.set({name!r}, ...)")
    expect(redis.keys(), seen=f"{first} stored nothing on the server")
    mark = environment.proxy.mark()
    environment.run(_GET_NAMED.format(name=name), second, says=f"{other}: cache.get({name!r})")
    # Who hides whose reply it is has not shown that nothing was found.
    found = [each for each in environment.proxy.since(mark) if each.reply_kind in ("hit", "unknown")]
    expect(not found, seen=f"{other} read the value that {first} had stored", how="shared")


@check("R9", needs=("R2",), servers=(ExtraServer.SECOND,), about_cache=False)
def check_debug_is_off_and_no_password_is_written(
    environment: CheckEnvironment, submission: Submission, production_app: ProductionApp, users: Collection
) -> None:
    live = loaded(production_app.enter(server_of(environment.proxy)), production_app)
    path = f"/workshop-{secrets.token_hex(4)}/"
    response = Api(environment.worker_of(live), environment.timeline, {}, "production").get(
        path, {"Accept": "text/html"}
    )
    told = response.status == 404 and response.shows("DEBUG = True")
    expect(not told, seen=f"GET {path} answered with the page that shows DEBUG = True", how="debug")
    for file, tree in sources(submission.root, production_app.found.file):
        for name, line in passwords(tree):
            expect(
                False,
                seen=f"{file.as_posix()} has a password written into it ({name})",
                how="password",
                where=SourceLocation(file.as_posix(), line),
            )


_SET = "from django.core.cache import cache\ncache.set({name!r}, {value!r}, 60)"
_GET = "from django.core.cache import cache\ncache.get('workshop-while-it-hangs')"
_FILL = """\
import socket
value = False
for _ in range(8):
    caller = socket.socket()
    caller.settimeout(0.2)
    try:
        caller.connect(({host!r}, {port}))
    except OSError:
        value = True
        break"""
"""Calls until nobody is accepted any more; whether it came to that. Who has called stays in the line."""
_GET_NAMED = "from django.core.cache import cache\nvalue = cache.get({name!r})"


def _waits(proxy: Proxy, worker: Worker) -> float:
    """The longest silence, in seconds, while a process asks its cache. The proxy is up afterwards."""
    mark = proxy.mark()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: worker.ask("run", "the shell ran", timeout=GIVE_UP, code=_GET))
        silence = _longest_silence(proxy, mark, waiting)
        proxy.restore()  # lets go of whoever still waits
        with suppress(SandboxError):
            waiting.result()
    return silence


def _longest_silence(proxy: Proxy, mark: int, waiting: Future[dict[str, Any]]) -> float:
    """Seconds between two signs of life of whoever waits for the hanging server: commands, or its end."""
    last, longest = time.monotonic(), 0.0
    pause = threading.Event()
    while not waiting.done() and longest <= PATIENCE:
        pause.wait(LOOK)
        for at in [each.at for each in proxy.since(mark) if each.at > last]:
            longest, last = max(longest, at - last), at
        longest = max(longest, time.monotonic() - last)
    return longest
