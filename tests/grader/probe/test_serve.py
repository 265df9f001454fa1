"""What a server of the probe tells of the SQL of a request."""

from __future__ import annotations

from grader.probe.serve import _merge_repeats


def test_statements_that_repeat_themselves_are_told_once_and_counted() -> None:
    passengers, user = "SELECT users_passenger", "SELECT users_user"
    ran = [(1.0, passengers), *((2.0 + at, user) for at in range(199)), (300.0, passengers)]
    assert _merge_repeats(ran) == [(1.0, passengers), (2.0, f"{user} (199 times)"), (300.0, passengers)]
    assert _merge_repeats(ran[:3]) == ran[:3], "two are no repetition"
