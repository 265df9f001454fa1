"""Discovers the routes of a project's collections, with a worker of its own."""

from __future__ import annotations

from functools import partial

from grader.sandbox.exploring.api import Api, Routes
from grader.sandbox.exploring.login import log_in
from grader.sandbox.exploring.routes import find_routes
from grader.sandbox.hosting.hosted_project import HostedProject
from grader.sandbox.observing.timeline import Timeline
from grader.spec import CheckFailed

ENOUGH_TO_TELL_APART = 2
"""Rows seeded to find the routes; a project may show only a few a page."""


def discover_routes(project: HostedProject, word: str = "user") -> Routes:
    """Return the routes of the users, or of the passengers (`word`); discovered once per run.

    Raises CheckFailed if no URL shows the rows, and SandboxError.
    """
    return project.once(f"routes of {word}s", partial(_search, project, word))


def discovery_timeline(project: HostedProject, word: str = "user") -> Timeline:
    """Return the timeline of the discovery without a login."""
    return project.once(f"search for {word}s", lambda: Timeline(*project.sandbox.proxies))


def _search(project: HostedProject, word: str) -> Routes:
    try:
        return _search_as(project, word, discovery_timeline(project, word))
    except CheckFailed as alone:
        try:
            return _search_as(project, word, Timeline(*project.sandbox.proxies), login=True)
        except CheckFailed:
            raise alone from None


def _search_as(project: HostedProject, word: str, timeline: Timeline, login: bool = False) -> Routes:
    routes = project.report()["routes"]
    if word != "user":  # the users' list may show passengers too, and remains the users' list
        routes = [route for route in routes if route["path"] != discover_routes(project).list]
    worker, path = project.fresh_worker()
    database = project.database(path)
    table = database.users if word == "user" else database.passengers
    try:
        if table is None:
            raise CheckFailed(f"the project has no {word}s", "no_model")
        database.users.remove_all()
        headers = log_in(worker) if login else {}
        table.insert(ENOUGH_TO_TELL_APART)
        timeline.restart()  # receivers may have run when the first rows were made
        timeline.note(f"put {ENOUGH_TO_TELL_APART} {word}s into the database")
        return find_routes(routes, table, Api(worker, timeline, headers), word, login)
    finally:
        timeline.freeze()
        database.close()
        worker.close()
        project.sandbox.redis.flush()  # the first check must find the server as empty as all others
