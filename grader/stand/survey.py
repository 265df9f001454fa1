"""Asks once what a project's answers depend on, beside its rows: many a check is for those that do alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from grader.spec import CheckFailed, NotApplicable
from grader.stand.api import Api
from grader.stand.collection import Collection
from grader.stand.host import Host
from grader.stand.http import Answer
from grader.stand.login import log_in
from grader.stand.questions import fill_pages, understands_questions
from grader.stand.search import routes_of
from grader.stand.stand import Stand
from grader.stand.trouble import StandTrouble

USUAL_ROWS = 3
HIDDEN = (401, 403, 404)
ONE_HOST = "one.example.com"

Viewer = Callable[[], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Survey:
    """Whether the list answers some `questions` in its own way, differs for `viewers` and names the `host`
    that was asked; and whether one user is `hidden` from another.

    What could not be found out is true: then the checks look for themselves.
    """

    questions: bool = True
    viewers: bool = True
    host: bool = True
    hidden: bool = True


def survey(host: Host) -> Survey:
    """What the list of users and a single user depend on, each asked on an empty cache."""
    try:
        routes = routes_of(host)
        with Stand(host) as stand, closing(host.database(stand.path, routes.visible)) as database:
            database.users.remove_all()
            owner, stranger, _ = database.users.insert(USUAL_ROWS)

            def ask(path: str, log_in_as: Viewer) -> Answer:
                host.redis.flush()  # then, since a login may live in the cache
                return Api(stand.child, stand.timeline, log_in_as()).get(path)

            # A superuser is made when it first logs in, and then is in the list for whoever asks.
            as_superuser, as_stranger = (partial(log_in, stand.child, key) for key in (None, stranger.key))
            lists = [ask(routes.list, viewer) for viewer in (as_superuser, as_stranger, dict)]
            usual = {**(log_in(stand.child) if routes.login else {}), "Host": ONE_HOST}
            users = Collection(Api(stand.child, stand.timeline, usual), routes, database.users)
            hidden = bool(routes.detail) and ask(users.path(owner), as_stranger).status in HIDDEN
            host.redis.flush()
            plain = fill_pages(users, lists[0], host.redis)
            questions = understands_questions(users, plain, host.redis)
            named = plain.shows(ONE_HOST)
            return Survey(questions, len({answer.body for answer in lists}) > 1, named, hidden)
    except (CheckFailed, NotApplicable, StandTrouble):
        return Survey()
