"""Query strings that a list may answer differently: pages, page sizes, orders, filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from grader.sandbox.exploring.collection import Collection
from grader.sandbox.observing.http import Response
from grader.sandbox.observing.redis import Redis

PAGE = 110
"""More rows than there are on a page of the usual sizes."""

Query = Mapping[str, str]


def fill_pages(rows: Collection, first: Response, redis: Redis) -> Response:
    """Insert rows for more than one page, or three rows if the list in `first` has no pages.

    Returns the response of the plain list afterwards.
    """
    rows.table.insert(3 if isinstance(first.json, list) else PAGE)
    redis.flush()
    return rows.list()


def understands_query_variants(rows: Collection, plain: Response, redis: Redis) -> bool:
    """Whether the list answers some query differently from `plain`, on an empty cache.

    A few requests are enough: each combines many queries.
    """
    responses = [_ask(query, rows, redis) for query in _at_once(_questions(rows))]
    return any(_is_other(response, plain) or response.status != 200 for response in responses)


def responses_by_query(rows: Collection, redis: Redis) -> dict[str, Any]:
    """Return the query strings that the list answers differently, with the JSON of each response.

    Inserts rows for more than one page. Each request meets an empty cache.
    """
    plain = fill_pages(rows, rows.list(), redis)
    responses = {_text(query): _ask(query, rows, redis) for query in _questions(rows)}
    return {text: response.json for text, response in responses.items() if _is_other(response, plain)}


def _is_other(response: Response, plain: Response) -> bool:
    return response.status == 200 and response.json != plain.json


def _ask(query: Query, rows: Collection, redis: Redis) -> Response:
    redis.flush()
    return rows.api.get(rows.routes.list + _text(query))


def _questions(rows: Collection) -> list[Query]:
    row = rows.table.rows[0]
    # The same value for another column too: a cache key of the values alone is equal for both queries.
    names = list(row.tokens)
    swapped = [(names[at - 1], row.tokens[name]) for at, name in enumerate(names) if at]
    pages: list[Query] = [{"page": "2"}, {"page_size": "1"}, {"limit": "1"}, {"limit": "1", "offset": "1"}]
    kinds: list[Query] = [{"user_type": "rider"}, {"user_type": "passenger"}, {"is_active": "false"}]
    search: list[Query] = [{"search": rows.text(row)}, {"ordering": f"-{rows.routes.visible}"}]
    return [*pages, *search, *kinds, *({column: text} for column, text in (*row.tokens.items(), *swapped))]


def _at_once(questions: Sequence[Query]) -> list[Query]:
    """Combine the queries into as few as possible: each name with each of its values."""
    values: dict[str, list[str]] = {}
    for query in questions:
        for name, value in query.items():
            values.setdefault(name, []).append(value)
    rounds = zip_longest(*([(name, value) for value in each] for name, each in values.items()))
    return [dict(pair for pair in each if pair) for each in rounds]


def _text(query: Query) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in query.items())
