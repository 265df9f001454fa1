"""Activity 4, the challenge: different questions get different answers, from one cache."""

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
from grader.spec import Way, check, expect, not_applicable

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}


@check(
    "L5",
    title="Another page, filter or order gets its own answer",
    needs=("L2",),
    means="One key for every question gives everybody the answer to the first one.",
    try_="Let the key depend on everything the answer depends on.",
    ways={
        "one_key": Way(
            "Your list understands this question, and answers it with what the cache kept for another.",
            "Make the query string a part of the key, names and values, sorted: request.query_params.",
        ),
    },
)
def check_other_questions_get_other_answers(different_lists: None, users: Collection, redis: Redis) -> None:
    expect_answers_apart(users, redis)


@check(
    "L6",
    title="Nobody gets what another viewer may see",
    needs=("L2",),
    means="The first reader's rights decide what all others see.",
    try_="Make who asks a part of the key, or ask for permission before the cache.",
    ways={
        "leaked": Way(
            "What one viewer may see was kept, and given to another viewer.",
            "Check permissions before you look into the cache, and let the key depend on the viewer.",
        ),
    },
)
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


@check(
    "L7",
    title="A browser and a program each get their own form",
    needs=("L2",),
    means="The cache keeps one form of the answer and hands it to both.",
    try_="Store the data, not the rendered response; DRF renders it for whoever asks.",
)
def check_html_and_json_are_kept_apart(users: Collection, redis: Redis) -> None:
    path = users.routes.list
    html = users.api.get(path, HTML)
    if "html" not in html.headers.get("content-type", ""):
        not_applicable("the list has no HTML form")
    redis.flush()
    for wanted, header in (("json", JSON), ("html", HTML), ("json", JSON)):
        kind = users.api.get(path, header).headers.get("content-type", "")
        expect(wanted in kind, seen=f"{wanted} was asked for and {kind or 'nothing'} came")


@check(
    "L8",
    title="A key that is not a number is 404",
    needs=("L2",),
    means="The word `list` is no user's number, so the right answer is 404: not found.",
    try_="Make the text from the URL a number before you use it, and answer 404 if it is none.",
    ways={
        "collision": Way(
            "The word in the URL became a part of the key, and made the key of the whole list.",
            "Use keys such as users:list and users:detail:7, with the row's number, not the URL's text.",
        ),
    },
)
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


@check(
    "L9",
    title="Links to the next page name the host that was asked",
    needs=("L2",),
    means="A stored answer holds an absolute link of whoever asked first.",
    try_="Make the host a part of the key, or store the rows and build the links for each answer.",
)
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
