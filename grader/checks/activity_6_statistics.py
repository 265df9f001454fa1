"""Activity 6: the statistics view. Does it tell the truth, at what cost, and to whom?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from grader.experiments.statistics_view import (
    FIVE,
    View,
    asked_by_anybody,
    delete_keys,
    find_statistics_view,
    make_keys,
    numbers,
    rose,
)
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.redis import Redis
from grader.spec import CheckFailed, check, expect, not_applicable
from grader.wording import counted

MANY_KEYS = 2_000
LISTED = 1_000
"""Names that one answer may list at most."""
OF_OTHERS = 50
GONE = 2


@check("ST1", needs=("F1",))
def check_a_url_tells_of_the_cache(
    environment: CheckEnvironment, users: Collection, options: Mapping[str, str]
) -> None:
    users.list()
    view = find_statistics_view(environment, options)
    whole = {path: value for path, value in numbers(view.get()).items() if value == int(value)}
    expect(
        any(not path.startswith("length of ") for path in whole),
        seen=f"GET {view.path} has no whole number in its answer",
        how="no_number",
        where=view.where,
    )


@check("ST2", needs=("ST1",))
def check_the_count_is_the_truth(
    environment: CheckEnvironment,
    users: Collection,
    database: Database,
    redis: Redis,
    options: Mapping[str, str],
) -> None:
    view = find_statistics_view(environment, options)
    before = numbers(view.get())
    names = make_keys(environment)
    made = rose(before, (after := numbers(view.get())), FIVE)
    if made:
        delete_keys(environment, names[:GONE])
        left = numbers(view.get())
    else:
        # A register of its own knows what the views store, and nothing of a shell.
        made, after, left = _through_the_views(users, database, redis, view)
    other = [] if made else environment.refused()
    expect(
        not other,
        seen=f"{FIVE} keys were made, no number of GET {view.path} rose by {FIVE}, and the view itself "
        f"called {', '.join(other)}",
        how="another_redis",
        where=view.where,
    )
    expect(
        made,
        seen=f"{FIVE} keys were made, and no number of GET {view.path} rose by {FIVE}",
        how="fixed",
        where=view.where,
    )
    expect(
        any(left.get(path, after[path]) < after[path] for path in made),
        seen=f"keys were deleted, and the number of GET {view.path} stayed",
        how="not_deleted",
        where=view.where,
    )


@check("ST3", needs=("ST2",))
def check_counting_is_cheap(
    environment: CheckEnvironment, users: Collection, redis: Redis, options: Mapping[str, str]
) -> None:
    view = find_statistics_view(environment, options)
    users.list()
    make_keys(environment, 1)
    environment.timeline.restart()
    before = redis.calls("keys")
    view.get()
    ran = redis.calls("keys") - before
    expect(ran == 0, seen=f"GET {view.path} made Redis run KEYS {_times(ran)}", how="keys", where=view.where)
    all_keys = redis.keys()
    like = next(key for key in all_keys if b"workshop-" in key.name or b"Muraho" in key.value)
    redis.multiply(like, MANY_KEYS)
    response = view.get()
    listed = len(re.findall(rb"workshop-[0-9a-f]{8}\d", response.body))
    expect(
        listed <= LISTED,
        seen=f"with {MANY_KEYS} keys the answer lists {listed} of them",
        how="unbounded",
        where=view.where,
    )


@check("ST4", needs=("ST2",))
def check_only_own_keys_are_listed(
    environment: CheckEnvironment, users: Collection, redis: Redis, options: Mapping[str, str]
) -> None:
    view = find_statistics_view(environment, options)
    users.list()
    like = redis.keys()[0]
    for number in range(OF_OTHERS):
        redis.plant(like, f"theirs:basket:{number}")
    response = view.get()
    listed = response.body.count(b"theirs:basket:") + response.body.count(b"basket:")
    expect(
        not listed,
        seen=f"GET {view.path} lists keys of another application in the same database",
        where=view.where,
    )


@check("ST5", needs=("ST2",))
def check_an_outage_is_told(
    environment: CheckEnvironment, users: Collection, redis: Redis, options: Mapping[str, str]
) -> None:
    users.list()
    redis.flush()
    view = find_statistics_view(environment, options)
    redis.flush()
    empty = view.api.get(view.path)
    if empty.status != 200:
        not_applicable("whoever may see the statistics is logged in by the cache")
    environment.timeline.restart()
    environment.proxy.refuse()
    environment.timeline.note("Redis goes down: connections are refused")
    down = view.api.get(view.path)
    expect(
        down.status == 200 or (down.status > 500 and down.status < 600),
        seen=f"GET {view.path} answered {down.status}"
        + (f": {kind}" if (kind := str(down.error.get("type", ""))) else ""),
        how="raised",
        where=down.where or view.where,
    )
    expect(
        down.status != 200 or _frozen(down) - _frozen(empty),
        seen=f"GET {view.path} answered 200, as if the cache were empty",
        how="looks_empty",
        where=view.where,
    )


@check("ST6", needs=("ST2",))
def check_the_statistics_are_not_public(
    environment: CheckEnvironment, warm: Collection, database: Database, options: Mapping[str, str]
) -> None:
    view = find_statistics_view(environment, options)
    warm.list()
    if warm.routes.detail:
        warm.detail(database.users.rows[0])
    response = view.get()
    shown = sum(any(response.shows(text) for text in row.tokens.values()) for row in database.users.rows)
    expect(
        not shown,
        seen=f"GET {view.path} shows data of {counted(shown, 'user')}",
        how="values",
        where=view.where,
    )
    environment.timeline.restart()
    stranger = asked_by_anybody(environment, view)
    status = stranger.api.get(view.path).status
    expect(
        status != 200,
        seen=f"somebody who has not logged in asked for {view.path}, and was told everything",
        how="public",
        where=view.where,
    )


def _through_the_views(
    users: Collection, database: Database, redis: Redis, view: View
) -> tuple[list[str], dict[str, float], dict[str, float]]:
    """As in ST2, with keys that the project's own view of one user makes: what rose and fell, then, at last.

    A number that only rises is no count of keys: it may be one of misses.
    """
    if not users.routes.detail:
        return [], {}, {}
    rows = database.users.insert(FIVE)
    before, old = numbers(view.get()), len(redis.keys())
    for row in rows:
        users.detail(row)
    after = numbers(view.get())
    made = rose(before, after, FIVE) or rose(before, after, len(redis.keys()) - old)
    try:
        users.delete(rows[0])
    except CheckFailed:
        return [], after, after
    left = numbers(view.get())
    return [path for path in made if left.get(path, after[path]) < after[path]], after, left


def _frozen(response: Response) -> set[str]:
    """What an answer says, without how much: each name with its yes, no, none or text."""
    if response.json is None:
        return set(re.sub(rb"\d+", b"#", response.body).decode(errors="replace").split())
    return set(_said(response.json, ""))


def _said(value: Any, path: str) -> list[str]:
    if isinstance(value, dict):
        return [text for name, part in value.items() for text in _said(part, f"{path}.{name}")] + [path]
    if isinstance(value, list):
        return [f"{path}[]", *(text for part in value[:20] for text in _said(part, f"{path}[]"))]
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
        return [path]
    return [path, f"{path}={re.sub(r'[0-9.]+', '#', json.dumps(value))}"]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
