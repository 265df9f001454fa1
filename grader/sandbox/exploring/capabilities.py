"""Discovers what a project's responses depend on beside its rows; some checks are for these only."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.errors import SandboxError
from grader.sandbox.exploring.api import Api
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.login import log_in
from grader.sandbox.exploring.query_variants import fill_pages, understands_query_variants
from grader.sandbox.exploring.route_discovery import discover_routes
from grader.sandbox.hosting.hosted_project import HostedProject
from grader.sandbox.observing.http import Response
from grader.spec import CheckFailed, NotApplicable

USUAL_ROWS = 3
HIDDEN = (401, 403, 404)
ONE_HOST = "one.example.com"

Viewer = Callable[[], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the responses of a project depend on.

    `query_variants`: the list answers some query strings differently. `per_viewer`: the list differs between
    viewers. `absolute_links`: the list has links with the host of the request. `hidden_users`: one user may
    not see another. A capability that could not be discovered is true: then the checks find out themselves.
    """

    query_variants: bool = True
    per_viewer: bool = True
    absolute_links: bool = True
    hidden_users: bool = True


def discover_capabilities(project: HostedProject) -> Capabilities:
    """Discover the capabilities by requests for the list of users and a single user on an empty cache."""
    try:
        routes = discover_routes(project)
        with (
            CheckEnvironment(project) as environment,
            closing(project.database(environment.database_path, routes.visible)) as database,
        ):
            database.users.remove_all()
            owner, stranger, _ = database.users.insert(USUAL_ROWS)

            def ask(path: str, log_in_as: Viewer) -> Response:
                project.sandbox.redis.flush()  # before the login, whose session may be in the cache
                return Api(environment.worker, environment.timeline, log_in_as()).get(path)

            # The first login of the superuser makes that user, who then is in the list of every viewer.
            as_superuser, as_stranger = (
                partial(log_in, environment.worker, key) for key in (None, stranger.key)
            )
            lists = [ask(routes.list, viewer) for viewer in (as_superuser, as_stranger, dict)]
            usual = {**(log_in(environment.worker) if routes.login else {}), "Host": ONE_HOST}
            users = Collection(Api(environment.worker, environment.timeline, usual), routes, database.users)
            hidden = bool(routes.detail) and ask(users.path(owner), as_stranger).status in HIDDEN
            project.sandbox.redis.flush()
            plain = fill_pages(users, lists[0], project.sandbox.redis)
            questions = understands_query_variants(users, plain, project.sandbox.redis)
            named = plain.shows(ONE_HOST)
            return Capabilities(questions, len({response.body for response in lists}) > 1, named, hidden)
    except (CheckFailed, NotApplicable, SandboxError):
        return Capabilities()
