"""Numbers are read from any answer, and a number that rose is found where it stands."""

from __future__ import annotations

import json

import pytest

from grader.experiments.statistics_view import numbers, rose
from grader.sandbox.observing.http import Response

ANSWERS = {
    "names and a count": ({"total_keys": 2, "cache_keys": ["a", "b"]}, "total_keys", 2),
    "only names": ({"cache_keys": ["a", "b"]}, "length of cache_keys", 2),
    "a list": (["a", "b"], "length of the list", 2),
    "deep": ({"redis": {"default": {"keys": 2}}}, "redis.default.keys", 2),
    "as text": ({"total": "2"}, "total", 2),
    "a share": ({"ratio": 0.7}, "ratio", 0.7),
}


@pytest.mark.parametrize(("said", "path", "value"), ANSWERS.values(), ids=ANSWERS)
def test_a_number_is_found(said: object, path: str, value: float) -> None:
    assert numbers(Response(200, {}, json.dumps(said).encode()))[path] == value


def test_yes_and_no_are_no_numbers() -> None:
    assert numbers(Response(200, {}, b'{"available": true, "name": "user_1", "none": null}')) == {}


def test_an_answer_in_lines_has_numbers_too() -> None:
    before = numbers(Response(200, {}, b"# HELP of keys\ncache_keys 3\ncache_hits_total 7\n"))
    after = numbers(Response(200, {}, b"# HELP of keys\ncache_keys 8\ncache_hits_total 7\n"))
    assert rose(before, after, 5) == ["cache_keys # 0"]


def test_an_answer_without_end_is_read_to_a_bound() -> None:
    assert len(numbers(Response(200, {}, json.dumps({str(n): n for n in range(9000)}).encode()))) == 500
