"""Durations are found in any wording, and nothing that only looks like one is taken for one."""

from __future__ import annotations

import pytest

from grader.experiments.timings import Window, durations, read

QUICK, SLOW = [Window(0.009, 0.02)], [Window(0.027, 0.05)]

FORMS = {
    "seconds": ("user_list: 0.0123s", "user_list: 0.0345s"),
    "milliseconds": ("GET list took 12 ms", "GET list took 34 ms"),
    "no unit": ("list 12.3", "list 34.5"),
    "JSON": (
        '{"at": "2026-11-28 10:00:01,250", "cache": "list", "us": 12345.6}',
        '{"at": "2026-11-28 10:00:02,371", "cache": "list", "us": 34567.8}',
    ),
    "with an id": ("a3f9c2d41b7e list 0.0123 s", "b7e1ff00c2a9 list 0.0345 s"),
    "an exponent": ("list 1.23e-02s", "list 3.45e-02s"),
}

OTHERS = {
    "the same each time": ("list 0.030s", "list 0.030s"),
    "too short": ("list 0.0003s", "list 0.0005s"),
    "too long": ("list 1.5s", "list 2.5s"),
    "negative": ("list -0.0123s", "list -0.0345s"),
    "a count": ("answered 3 rows", "answered 3 rows"),
    "the time of day": ("[10:00:01] list", "[10:00:02] list"),
    "the milder one slower": ("list 0.0199s", "list 0.0271s"),
}


@pytest.mark.parametrize(("quick", "slow"), FORMS.values(), ids=FORMS)
def test_a_number_that_follows_is_a_duration(quick: str, slow: str) -> None:
    found = durations([[quick], [slow]], [QUICK, SLOW])
    assert found
    assert all("list" in paths.labels for paths in found)


@pytest.mark.parametrize(("quick", "slow"), OTHERS.values(), ids=OTHERS)
def test_a_number_that_does_not_follow_is_none(quick: str, slow: str) -> None:
    assert durations([[quick], [slow]], [QUICK, SLOW]) == []


def test_the_lines_of_a_traceback_are_no_durations() -> None:
    trace = [f'  File "/lib/query.py", line {line}, in run' for line in (12, 34, 386)]
    assert durations([trace, trace], [QUICK, SLOW]) == []


def test_each_request_needs_its_line() -> None:
    window = Window(0.009, 0.02)
    once, twice = ["list 0.0111s"], ["list 0.0111s", "list 0.0122s"]
    assert durations([once, ["list 0.0345s"]], [[window, window], SLOW]) == []
    assert durations([twice, ["list 0.0345s"]], [[window, window], SLOW])


def test_a_number_without_words_has_no_label() -> None:
    (found,) = durations([["0.0123s"], ["0.0345s"]], [QUICK, SLOW])
    assert found.labels == frozenset()


@pytest.mark.parametrize(
    ("line", "seconds"),
    [("0.5 s", 0.5), ("5ms", 0.005), ("7 µs", 7e-6), ("9 nanoseconds", 9e-9), ("3 milliseconds", 0.003)],
)
def test_a_unit_is_understood(line: str, seconds: float) -> None:
    (number,) = read(line).numbers
    assert [value for _, value in number.seconds()] == [pytest.approx(seconds)]
