"""Experiments on a server that is down, or hangs."""

from __future__ import annotations

import time

from grader.sandbox.errors import NoResponse
from workshop.quiz.live.laboratory import Laboratory
from workshop.quiz.live.run import Seen, Values, came_true
from workshop.quiz.live.users import LIST, users

PATIENCE = 1.5
"""Seconds that an experiment waits for an answer; long enough to tell slow from stuck."""
QUICK = 0.15
"""Seconds below which nothing was waited for."""


def list_without_redis(laboratory: Laboratory, values: Values) -> Seen:
    """GET the list with the template's settings while Redis is down."""
    with users(laboratory) as here:
        here.trial.environment.proxy.refuse()
        response = here.trial.api.get(LIST)
        error = str(response.error.get("type", ""))
    key = {200: "works", 500: "error"}.get(response.status, "other")
    return came_true(key, "Redis is stopped", f"GET {LIST} → {response.status} {error}".rstrip())


def post_without_redis(laboratory: Laboratory, values: Values) -> Seen:
    """POST a user with the template's settings and perform_create while Redis is down."""
    with users(laboratory) as here:
        here.trial.environment.proxy.refuse()
        before = here.database.users.count()
        body = {"email": "new@example.com", "first_name": "New", "last_name": "One", "user_type": "passenger"}
        response = here.trial.api.request("POST", LIST, body)
        rows = here.database.users.count() - before
    failed = "row" if rows else "nothing"
    key = failed if response.status >= 500 else "works"
    return came_true(
        key, "Redis is stopped", f"POST {LIST} → {response.status}", f"rows that were written: {rows}"
    )


def list_with_hung_redis(laboratory: Laboratory, values: Values) -> Seen:
    """GET the list with the template's settings while Redis accepts and says nothing."""
    return _hung(laboratory, "handout")


def list_with_time_outs(laboratory: Laboratory, values: Values) -> Seen:
    """The same with IGNORE_EXCEPTIONS and time-outs of 0.2 seconds."""
    return _hung(laboratory, "guarded")


def _hung(laboratory: Laboratory, kind: str) -> Seen:
    with users(laboratory, kind) as here:
        here.trial.api.get(LIST)  # the connection is there
        here.trial.environment.proxy.hang()
        began = time.monotonic()
        try:
            status = here.trial.api.request("GET", LIST, timeout=PATIENCE).status
        except NoResponse:
            status = 0
        took = time.monotonic() - began
    if not status:
        return came_true(
            "waits", "Redis takes calls and says nothing", f"GET {LIST} → no answer in {PATIENCE} s"
        )
    key = "error" if status >= 500 else "slow" if took > QUICK else "quick"
    return came_true(key, "Redis takes calls and says nothing", f"GET {LIST} → {status} after {took:.1f} s")
