"""Experiments on a list: the response is right, comes from Redis, expires, and depends on the query.

Activity 4 runs them on the users, and Activity 9 on the passengers.
"""

from __future__ import annotations

from grader.experiments.from_redis import Origin, origin
from grader.result import SourceLocation
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.query_variants import responses_by_query
from grader.sandbox.observing.redis import Redis
from grader.spec import expect, fail, not_applicable
from grader.static_analysis.python_source import class_twice, function_outside_class

MANY = 40
"""Number of rows at which a cost per row is evident."""

BYTES_A_ROW = 8
"""Fewest bytes of a stored row: each holds random text, which no compression makes shorter."""


def expect_right(environment: CheckEnvironment, rows: Collection, redis: Redis) -> None:
    """Fail the check unless the list is right, on an empty and on a warm cache."""
    cold = rows.list()
    warm = rows.list()
    redis.flush()
    # The right response is that of another worker of the same project on an emptied cache.
    truth = rows.through(environment.another_worker()).list()
    there = rows.table.rows
    missing = [row for row in there if not truth.shows(rows.text(row))]
    paged = truth.rows is not None and len(truth.rows) < len(there)
    expect(
        not missing or (paged and len(missing) < len(there)),
        seen=f"missing from the answer: {len(missing)} of {len(there)} {rows.noun}s",
        how="rows_missing",
    )
    expect(
        cold.json == truth.json,
        seen="the first answer was not what the view gives on an empty cache",
        how="cold",
    )
    expect(warm.json == truth.json, seen="the second answer was not the same as the first", how="warm")


def expect_hit(environment: CheckEnvironment, rows: Collection, redis: Redis) -> None:
    """Fail the check unless the second GET of the list comes from Redis, at the same cost for many rows."""
    with origin(environment, rows, redis) as came:
        _expect_hit(environment, rows, redis, came)


def _expect_hit(environment: CheckEnvironment, rows: Collection, redis: Redis, came: Origin) -> None:
    rows.list()
    row = rows.table.rows[0]
    old = rows.text(row)
    new = rows.table.change(row)
    environment.timeline.note(
        f"changed a {rows.noun}'s {rows.routes.visible} in the database, behind the application"
    )
    warm = came.ask(Collection.list, old)
    they = "a user neither as they were" if rows.noun == "user" else f"a {rows.noun} neither as they were"
    expect(
        warm.shows(old) or warm.shows(new),
        seen=f"the second GET showed {they} nor as they are",
        how="neither",
        where=rows.routes.list_where,
    )
    if warm.shows(new):
        seen = "a row was changed behind the application, and the second GET already showed the change"
        fail(seen, *_why_uncached(environment, rows))

    redis.flush()
    environment.timeline.note("deleted every key in Redis")
    fresh = rows.list()
    expect(
        fresh.shows(new),
        seen="every key in Redis was deleted, and the GET after that still gave the old answer",
        how="not_in_redis",
        where=rows.routes.list_where,
    )

    few, before = _cost_of_a_hit(environment, rows), len(rows.table.rows)
    rows.table.insert(MANY)
    redis.flush()
    rows.list()
    many = _cost_of_a_hit(environment, rows)
    expect(
        many[0] <= few[0] and many[1] <= few[1],
        seen=f"SQL statements and Redis commands of a hit: {few[0]} and {few[1]} on {before} rows, "
        f"{many[0]} and {many[1]} on {before + MANY}",
        how="grows",
        where=rows.routes.list_where,
    )
    came.expect_redis(Collection.list, row, old, rows.routes.list_where)


def expect_expiry(rows: Collection, redis: Redis) -> None:
    """Fail the check unless the keys that hold the list expire."""
    rows.table.insert(MANY)
    redis.flush()
    rows.list()
    keys = redis.keys()
    none = f"none of {len(keys)} keys has an expiry" if len(keys) > 1 else "no key appeared"
    expect(
        any(key.ttl_ms is not None for key in keys),
        seen=f"the only key, {keys[0].text}, has no expiry" if len(keys) == 1 else none,
        how="no_expiry" if keys else "",
        where=rows.routes.list_where,
    )
    # A counter, a version or an index of tags may live on; a key that holds rows may not.
    texts = [rows.text(row) for row in rows.table.rows]
    enough = BYTES_A_ROW * len(texts)
    endless = [key.text for key in keys if key.ttl_ms is None and (key.holds(texts) or key.size >= enough)]
    expect(
        not endless,
        seen=f"the key {endless[0] if endless else ''} holds rows and has no expiry",
        how="no_expiry",
        where=rows.routes.list_where,
    )


def expect_answers_apart(rows: Collection, redis: Redis) -> None:
    """Fail the check unless each page, filter and order gets its own response."""
    truths = responses_by_query(rows, redis)
    if not truths:
        not_applicable("the list has no pages, filters or orders")
    redis.flush()
    rows.list()
    for question, truth in truths.items():
        for time in ("first", "second"):
            response = rows.api.get(rows.routes.list + question)
            expect(
                response.json == truth,
                seen=f"the {time} GET {rows.routes.list}{question} got the answer to another question",
                how="one_key",
                where=rows.routes.list_where,
            )


def _why_uncached(environment: CheckEnvironment, rows: Collection) -> tuple[str, SourceLocation | None]:
    """The way of failing and the line for an uncached list, from the source. It decides no verdict."""
    root = environment.submission.root
    near = rows.routes.list_where.file if rows.routes.list_where else ""
    if lost := function_outside_class(root, "list", near):
        return "not_a_method", lost
    view = next(
        (r["view"] for r in environment.project.report()["routes"] if r["path"] == rows.routes.list), ""
    )
    if hidden := class_twice(root, str(view)):
        return "class_twice", hidden
    return "uncached", rows.routes.list_where


def _cost_of_a_hit(environment: CheckEnvironment, rows: Collection) -> tuple[int, int]:
    """The numbers of SQL statements and Redis commands of one GET. The project itself reports the SQL."""
    mark = environment.proxy.mark()
    response = rows.list()
    return response.sql_count, len([one for one in environment.proxy.since(mark) if not one.setup])
