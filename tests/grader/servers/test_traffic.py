"""How often a client waited for the server."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from grader.servers.traffic import Exchange, round_trips, unanswered


def sent(*times: tuple[float, int], name: bytes = b"SET") -> list[Exchange]:
    """Commands that arrived at these seconds on these connections."""
    return [unanswered(at, connection, 0, (name, b"key")) for at, connection in times]


@pytest.mark.parametrize(
    ("commands", "apart", "trips"),
    [
        (sent(), 0.0, 0),
        (sent((1.0, 1), (1.0, 1), (1.0, 1)), 0.0, 1),
        (sent((1.0, 1), (1.1, 1), (1.2, 1)), 0.0, 3),
        (sent((1.0, 1), (1.0, 2)), 0.0, 2),
        # While every reply comes 20 ms late, what comes within 20 ms was sent without waiting for one.
        (sent((1.0, 1), (1.01, 1), (1.019, 1)), 0.02, 1),
        (sent((1.0, 1), (1.021, 1), (1.03, 1), (1.042, 1)), 0.02, 3),
        (sent((1.0, 1), (1.005, 2), (1.021, 1)), 0.02, 3),
        (sent((1.0, 1), (1.1, 1), name=b"CLIENT"), 0.0, 0),
    ],
)
def test_round_trips(commands: Sequence[Exchange], apart: float, trips: int) -> None:
    assert round_trips(commands, apart) == trips
    assert round_trips(list(reversed(commands)), apart) == trips
