"""Activity 4, the challenge: requests that differ get answers that differ, from one cache."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from grader.experiments.cached_list import expect_answers_apart
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.login import log_in
from grader.sandbox.exploring.query_variants import PAGE
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.redis import Redis
from grader.spec import check, expect, not_applicable

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}


@check("L5", needs=("L2",))
def check_other_questions_get_other_answers(different_lists: None, users: Collection, redis: Redis) -> None:
    expect_answers_apart(users, redis)


@check("L6", needs=("L2",))
def check_no_viewer_gets_anothers_rows(
    different_viewers: None,
    environment: CheckEnvironment,
    users: Collection,
    database: Database,
    redis: Redis,
) -> None:
    first, second, *_ = database.users.rows
    viewers: dict[str, Any] = {"a superuser": None, "one user": first.key, "another user": second.key}

    def ask(viewer: str) -> Response:
        """The list as `viewer` sees it. Logged in anew, since a login may live in the cache."""
        headers = log_in(environment.worker, viewers[viewer]) if viewer in viewers else {}
        return users.api.with_headers(headers).get(users.routes.list)

    truths = {}
    for viewer in (*viewers, "a stranger"):
        redis.flush()
        truths[viewer] = ask(viewer)
    if all(truth.body == truths["a stranger"].body for truth in truths.values()):
        not_applicable("everybody sees the same list")
    for reader, later in permutations(truths, 2):
        redis.flush()
        ask(reader)
        response = ask(later)
        expect(
            (response.status, response.json) == (truths[later].status, truths[later].json),
            seen=f"after {reader} had read the list, {later} got what was not theirs",
            how="leaked",
            where=users.routes.list_where,
        )


@check("L7", needs=("L2",))
def check_html_and_json_are_kept_apart(users: Collection, redis: Redis) -> None:
    path = users.routes.list
    html = users.api.get(path, HTML)
    if "html" not in html.headers.get("content-type", ""):
        not_applicable("the list has no HTML form")
    redis.flush()
    for wanted, header in (("json", JSON), ("html", HTML), ("json", JSON)):
        kind = users.api.get(path, header).headers.get("content-type", "")
        expect(wanted in kind, seen=f"{wanted} was asked for and {kind or 'nothing'} came")


@check("L8", needs=("L2",))
def check_a_word_is_not_a_user(users: Collection, database: Database) -> None:
    path = users.path(database.users.rows[0]).removesuffix("/").rpartition("/")[0] + "/list/"
    cold = users.api.get(path)
    expect(
        cold.status == 404, seen=f"GET {path} answered {cold.status} with nothing cached", where=cold.where
    )
    users.list()
    warm = users.api.get(path)
    expect(
        warm.status == 404,
        seen=f"after the list was cached, GET {path} answered {warm.status}"
        + (" with the whole list" if warm.shows(users.text(database.users.rows[0])) else ""),
        how="collision",
        where=users.routes.detail_where,
    )


@check("L9", needs=("L2",))
def check_the_first_host_is_not_echoed(absolute_links: None, users: Collection, database: Database) -> None:
    database.users.insert(PAGE)
    first = users.api.get(users.routes.list, {"Host": "one.example.com"})
    if not first.shows("one.example.com"):
        not_applicable("the list has no absolute links")
    second = users.api.get(users.routes.list, {"Host": "two.example.com"})
    expect(
        not second.shows("one.example.com"),
        seen="a caller of two.example.com was sent to one.example.com for the next page",
        where=users.routes.list_where,
    )
