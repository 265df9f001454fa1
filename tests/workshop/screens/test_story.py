"""A timeline becomes a story of eight lines, and the story an offer."""

from __future__ import annotations

import pytest

from grader.result import Event, Outcome, Result, Source, SourceLocation, Tier, Verdict
from tests.workshop.screens.conftest import Draw
from workshop.course.load import load
from workshop.screens import now_watch_this as screen
from workshop.screens import result as result_screen
from workshop.screens.look import Look
from workshop.screens.story import MOST, story

WHO = {"redis": Source.REDIS, "database": Source.DATABASE}


def timeline(*lines: str) -> tuple[Event, ...]:
    """Events a millisecond apart, from 100 ms on. A line begins with its source, or is the judge's."""
    events = []
    for at, line in enumerate(lines):
        source, _, text = line.partition(" ")
        is_judge = source not in WHO
        events.append(
            Event(100.0 + at, Source.JUDGE if is_judge else WHO[source], line if is_judge else text)
        )
    return tuple(events)


RACE = timeline(
    "writer: GET /api/users/ → 200, 3 rows",
    "redis GET :1:user_list hit",
    "writer: PATCH /api/users/2/ begins",
    "database BEGIN",
    "database SELECT users_user",
    "redis DEL :1:user_list 1",
    "reader: GET /api/users/ → 200, 3 rows",
    "redis GET :1:user_list miss",
    "database SELECT users_user",
    "redis SET :1:user_list 350 B PX 300000",
    *[
        line
        for pk in (2, 3, 4)
        for line in (f"reader: GET /api/users/{pk}/ → 200", f"redis GET :1:user_{pk} hit")
    ],
    "redis DEL :1:user_2 1",
    "database UPDATE users_user",
    "database INSERT django_admin_log",
    "writer: PATCH /api/users/2/ → 200",
    "GET /api/users/ → 200, 3 rows (asked 19 times)",
    "redis GET :1:user_list hit",
)


def test_a_race_is_told_in_eight_lines_that_say_why() -> None:
    assert [event.text for event in story(RACE)] == [
        "writer: PATCH /api/users/2/ begins",
        "DEL :1:user_list 1 · the cache is cleared",
        "reader: GET /api/users/ → 200, 3 rows",
        "SET :1:user_list 350 B PX 300000 · stored for the next reader",
        "UPDATE users_user · the row changes",
        "writer: PATCH /api/users/2/ → 200",
        "GET /api/users/ → 200, 3 rows (asked 19 times)",
        "GET :1:user_list hit · answered from the cache",
    ]


def test_times_count_from_the_first_line() -> None:
    assert story(RACE)[0].at_ms == 0.0
    assert story(RACE)[-1].at_ms == 19.0


def test_the_story_of_one_user_leaves_the_list_out() -> None:
    told = story(
        timeline(
            "writer: DELETE /api/users/3/ begins",
            "redis DEL :1:user_list 1",
            "redis DEL :1:user_3 1",
            "reader: GET /api/users/ → 200, 3 rows",
            "redis SET :1:user_list 350 B PX 300000",
            "reader: GET /api/users/3/ → 200",
            "redis GET :1:user_3 miss",
            "database SELECT users_user",
            "redis SET :1:user_3 182 B PX 300000",
            "database DELETE users_rider",
            "database DELETE users_user",
            "writer: DELETE /api/users/3/ → 204",
            "GET /api/users/3/ → 200 (asked 20 times)",
            "redis GET :1:user_3 hit",
        )
    )
    texts = [event.text for event in told]
    assert len(texts) == MOST
    assert "SET :1:user_3 182 B PX 300000 · stored for the next reader" in texts
    assert "DELETE users_user · the row is gone" in texts
    assert not any("user_list" in text or "users_rider" in text for text in texts)


def test_what_was_cleared_in_the_place_of_the_key_is_told_if_there_is_room() -> None:
    told = story(
        timeline(
            "GET /api/users/02/ → 200",
            "redis SET :1:user_02 182 B PX 300000",
            "PATCH /api/users/2/ → 200",
            "redis DEL :1:user_list 0",
            "redis DEL :1:user_2 1",
            "database UPDATE users_user",
            "GET /api/users/02/ → 200",
            "redis GET :1:user_02 hit",
        )
    )
    texts = [event.text for event in told]
    assert "DEL :1:user_2 1 · the cache is cleared" in texts
    assert "DEL :1:user_list 0 · there was nothing to clear" in texts


def test_an_outage_has_no_key_and_is_told_by_what_was_done() -> None:
    told = story(
        timeline(
            "GET /api/users/ → 200, 3 rows",
            "redis GET :1:user_list miss",
            "Redis goes down: connections are refused",
            "GET /api/users/ → 500",
        )
    )
    assert [event.text for event in told] == [
        "GET /api/users/ → 200, 3 rows",
        "GET :1:user_list miss",
        "Redis goes down: connections are refused",
        "GET /api/users/ → 500",
    ]


@pytest.mark.parametrize("events", [(), timeline("only a note"), timeline("redis GET a hit")])
def test_a_timeline_without_a_request_is_left_as_it_is(events: tuple[Event, ...]) -> None:
    assert len(story(events)) == len(events)


def test_whatever_the_timeline_no_story_is_longer_than_eight_lines() -> None:
    writes = [f"PUT /api/users/{n}/ → 200" for n in range(20)]
    told = story(timeline(*writes, "GET /api/users/ → 200", "redis GET a hit"))
    assert len(told) == MOST
    assert told[-2].text == "GET /api/users/ → 200"


def failed(id: str, tier: Tier = Tier.CHALLENGE, how: str = "", **more: object) -> Verdict:
    values = {"title": f"Title of {id}", "max_points": 1, "seen": "it was old", "evidence": RACE, **more}
    return Verdict(id, tier=tier, outcome=Outcome.FAILED, how=how, **values)  # type: ignore[arg-type]


def test_only_after_a_passed_core_and_only_faults_of_the_handout_are_told() -> None:
    race, stretch, own = failed("I10"), failed("I17", Tier.STRETCH), failed("I15")
    assert screen.failed_challenges(
        Result("activity-5", Outcome.PASSED, checks=(stretch, own, race)), load(5)
    ) == (race,)
    assert screen.failed_challenges(Result("activity-5", Outcome.FAILED, checks=(race,)), load(5)) == ()


def test_a_check_that_fails_in_another_way_than_the_handout_is_no_story() -> None:
    collision, crash = failed("L8", how="collision"), failed("L8", how="server_error")
    assert screen.failed_challenges(Result("activity-4", Outcome.PASSED, checks=(collision,)), load(4)) == (
        collision,
    )
    assert screen.failed_challenges(Result("activity-4", Outcome.PASSED, checks=(crash,)), load(4)) == ()


@pytest.mark.parametrize("width", [40, 80, 100])
def test_the_screen_shows_the_first_and_names_the_others(draw: Draw, width: int) -> None:
    first = failed("I10", how="list", where=SourceLocation("users/views.py", 9))
    result = Result("activity-5", Outcome.PASSED, checks=(first, failed("I11")))
    parts = result_screen.explained(result, load(5), Look(), lambda words: f"workshop {words}")
    shown = draw(*parts, width=width)
    flat = " ".join(shown.split())
    assert "Now watch this: a reader comes between clearing and writing" in flat
    assert "So it was old (users/views.py:9)." in flat
    assert "The challenge (1 point) is I10: Title of I10." in flat
    assert "workshop check activity-5" in flat
    assert "I11 a reader comes before the commit" in flat
    assert "What happened" not in flat
    assert max(map(len, shown.splitlines())) <= width


@pytest.mark.parametrize(
    ("id", "how", "same"), [("I10", "list", True), ("I10", "detail", False), ("I14", "", False)]
)
def test_the_handout_is_named_only_where_its_code_fails_alike(
    draw: Draw, id: str, how: str, same: bool
) -> None:
    verdict = failed(id, how=how)
    shown = draw(screen.now_watch_this((verdict,), load(5), Look(), "check"))
    assert ("handout's own code does the same" in " ".join(shown.split())) is same


def test_another_failure_that_comes_first_is_explained_as_ever(draw: Draw) -> None:
    result = Result("activity-4", Outcome.PASSED, checks=(failed("D2"), failed("L8", how="collision")))
    shown = draw(*result_screen.explained(result, load(4), Look(), lambda words: words))
    assert "What happened" in shown
    assert "Now watch this" in shown
