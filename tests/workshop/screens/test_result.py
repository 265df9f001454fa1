"""The result screen: a line a check, one failure explained, and nothing wider than the terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.result import (
    Blank,
    Event,
    Fault,
    LeftOut,
    LeftOutReason,
    Outcome,
    Result,
    Source,
    SourceLocation,
    Tier,
    Verdict,
)
from workshop.course.load import load
from workshop.screens import result as screen
from workshop.screens.look import Look
from workshop.screens.timeline import MOST, timeline

Draw = Callable[..., str]
SIGNS = Look(words=False)
WORDS = Look(words=True)


def verdict(id: str, outcome: Outcome = Outcome.PASSED, tier: Tier = Tier.CORE, **more: object) -> Verdict:
    values = {"title": f"Title of {id}", "max_points": 2, **more}
    return Verdict(id=id, tier=tier, outcome=outcome, **values)  # type: ignore[arg-type]


def lines(look: Look) -> screen.Lines:
    return screen.Lines(load(4), look)


def test_the_passed_core_of_earlier_activities_is_one_line(draw: Draw) -> None:
    shown = draw(
        *lines(SIGNS).rest(
            [verdict("B2", max_points=0), verdict("F1", max_points=0), verdict("L1", points=2)]
        )
    )
    assert shown.splitlines() == [
        "✓      Core of earlier activities: 2 of 2",
        f"✓ L1   {'Title of L1':70}2/2",
    ]


def test_a_failed_check_of_an_earlier_activity_has_its_own_line(draw: Draw) -> None:
    shown = draw(*lines(SIGNS).rest([verdict("B2"), verdict("F1", Outcome.FAILED), verdict("F2")]))
    assert [line.split()[:2] for line in shown.splitlines()] == [["✓", "Core"], ["✗", "F1"], ["✓", "Core"]]


def test_a_verdict_is_drawn_once(draw: Draw) -> None:
    drawer = lines(SIGNS)
    first = draw(*drawer.feed(verdict("L1")))
    assert "L1" in first
    assert draw(*drawer.rest([verdict("L1")])).strip() == ""


def test_blocked_and_skipped_say_why(draw: Draw) -> None:
    shown = draw(
        *lines(WORDS).rest(
            [
                verdict("L3", Outcome.BLOCKED, needs=("L1", "L2")),
                verdict("L5", Outcome.SKIPPED, Tier.CHALLENGE),
            ]
        )
    )
    assert "needs L1, L2" in shown
    assert "Title of L5 (challenge)" in shown
    assert "not applicable" in shown


def test_with_words_there_are_no_signs(draw: Draw) -> None:
    outcomes = list(Outcome)
    shown = draw(*lines(WORDS).rest([verdict(f"L{n}", outcome) for n, outcome in enumerate(outcomes, 1)]))
    assert all(outcome.value in shown for outcome in outcomes)
    assert shown.isascii()


def test_the_core_is_explained_before_a_challenge_and_a_blocked_check_never() -> None:
    challenge = verdict("L8", Outcome.FAILED, Tier.CHALLENGE)
    core = verdict("L4", Outcome.FAILED)
    blocked = verdict("L3", Outcome.BLOCKED)

    def first(*verdicts: Verdict) -> Verdict | None:
        return Result("activity-4", Outcome.FAILED, checks=verdicts).first_failure

    assert first(blocked, challenge, core) is core
    assert first(blocked, challenge) is challenge
    assert first(blocked, verdict("L1")) is None


@pytest.mark.parametrize("width", [40, 80, 100])
def test_a_failure_says_all_that_helps_and_drives_no_terminal(draw: Draw, width: int) -> None:
    hostile = "\x1b[2J[bold]boo[/bold]\u202e"
    failed = verdict(
        "L2",
        Outcome.FAILED,
        fault=Fault.CODE,
        seen=f"seen {hostile} " + "word " * 40,
        means="the meaning",
        try_="the try",
        where=SourceLocation(f"users/{hostile}.py", 9),
        evidence=(Event(1.25, Source.REDIS, f"GET :1:user_list miss {hostile}"),),
    )
    shown = draw(screen.failure(failed, WORDS), width=width)
    flat = " ".join(shown.split())
    for words in ("Seen", "Means the meaning", "Try the try", "What happened", "redis"):
        assert words in flat
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[bold]boo[/bold]" in flat
    assert max(map(len, shown.splitlines())) <= width


def test_a_long_timeline_keeps_its_end(draw: Draw) -> None:
    events = [Event(float(n), Source.JUDGE, f"event {n}.") for n in range(100)]
    shown = draw(timeline(events))
    assert len(shown.strip("\n").splitlines()) == MOST + 1
    assert "event 0." in shown
    assert "event 99." in shown
    assert f"({100 - MOST} more lines)" in shown


def test_open_blanks_are_named_by_file_and_line(draw: Draw) -> None:
    result = Result(
        "activity-4", Outcome.FAILED, blanks=(Blank("users/views.py", 9, "cache._____(_______)"),)
    )
    shown = draw(
        screen.blanks(result, load(4)), screen.summary(result, load(4), "", lambda words: f"w {words}")
    )
    assert "1 blank is still open" in shown
    assert "users/views.py:9" in shown
    assert "cache._____(_______)" in shown
    assert "w check activity-4" in shown


@pytest.mark.parametrize(
    ("outcome", "words", "command"),
    [
        (Outcome.PASSED, "passed: 2 of 2 points", "w start activity-5"),
        (Outcome.FAILED, "not passed yet", "w hint"),
        (Outcome.ERROR, "could not be judged", "w check activity-4"),
    ],
)
def test_the_end_says_what_to_type_next(draw: Draw, outcome: Outcome, words: str, command: str) -> None:
    result = Result("activity-4", outcome, checks=(verdict("L1", points=2),))
    shown = draw(screen.summary(result, load(4), "start activity-5", lambda words: f"w {words}"))
    assert words in shown
    assert command in shown


@pytest.mark.parametrize(("jail", "said"), [("none", True), ("bubblewrap", False)])
def test_a_run_without_a_jail_is_called_a_self_check(draw: Draw, jail: str, said: bool) -> None:
    result = Result("activity-4", Outcome.PASSED, checks=(verdict("L1"),), jail=jail, duration_ms=1200)
    shown = draw(screen.summary(result, load(4), "start activity-5", lambda words: f"w {words}"))
    assert ("self-check" in shown) is said


def test_what_was_left_out_is_said_with_the_reason_before_the_failure(draw: Draw) -> None:
    left = tuple(LeftOut(f"data-{number}\x1b[31m", LeftOutReason.LINK) for number in range(7))
    result = Result("activity-4", Outcome.FAILED, checks=(verdict("L1", Outcome.FAILED),), left_out=left)
    shown = draw(*screen.explained(result, load(4), SIGNS, str))
    first, *rest = shown.strip().splitlines()
    assert first == "7 files or folders were left out:"
    assert rest[0].startswith("  data-0")
    assert "\x1b[31m" not in rest[0]
    assert "it is a link that leads out of the project" in rest[0]
    assert rest[5].strip() == "(and 2 more)"
    assert shown.index("left out") < shown.index("Title of L1")
