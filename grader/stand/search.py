"""Looks for where a project shows its rows, with a process of its own."""

from __future__ import annotations

from functools import partial

from grader.spec import CheckFailed
from grader.stand.api import Api, Routes
from grader.stand.host import Host
from grader.stand.login import log_in
from grader.stand.routes import find_routes
from grader.stand.timeline import Timeline

ENOUGH_TO_TELL_APART = 2
"""Rows seeded to find the routes; a project may show only a few a page."""


def routes_of(host: Host, word: str = "user") -> Routes:
    """Where the users live, or the passengers; looked for once a run.

    Raises CheckFailed if no URL shows them, and StandTrouble.
    """
    return host.once(f"routes of {word}s", partial(_search, host, word))


def story_of(host: Host, word: str = "user") -> Timeline:
    """How they were looked for, without a login."""
    return host.once(f"search for {word}s", lambda: Timeline(*host.proxies))


def _search(host: Host, word: str) -> Routes:
    try:
        return _search_as(host, word, story_of(host, word))
    except CheckFailed as alone:
        try:
            return _search_as(host, word, Timeline(*host.proxies), login=True)
        except CheckFailed:
            raise alone from None


def _search_as(host: Host, word: str, timeline: Timeline, login: bool = False) -> Routes:
    routes = host.description()["routes"]
    if word != "user":  # a user may be shown with all that is theirs: that is still the users' list
        routes = [route for route in routes if route["path"] != routes_of(host).list]
    child, path = host.open()
    database = host.database(path)
    table = database.users if word == "user" else database.passengers
    try:
        if table is None:
            raise CheckFailed(f"the project has no {word}s", "no_model")
        database.users.remove_all()
        headers = log_in(child) if login else {}
        table.insert(ENOUGH_TO_TELL_APART)
        timeline.scene()  # to make the first rows may have set receivers going
        timeline.note(f"put {ENOUGH_TO_TELL_APART} {word}s into the database")
        return find_routes(routes, table, Api(child, timeline, headers), word, login)
    finally:
        timeline.end()
        database.close()
        child.close()
        host.redis.flush()  # the check that asked first finds the server as empty as all others do
