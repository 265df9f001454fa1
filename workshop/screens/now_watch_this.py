"""Now watch this: a challenge that failed, often by the handout's own fault, played on the learner's code."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from grader.result import Outcome, Result, Tier, Verdict
from grader.wording import counted
from workshop.course.model import Activity
from workshop.screens.clean import clean, clean_line
from workshop.screens.look import Look
from workshop.screens.story import story
from workshop.screens.timeline import timeline


def failed_challenges(result: Result, activity: Activity) -> tuple[Verdict, ...]:
    """The failures that are shown as stories: challenges, once the core has passed."""
    if result.outcome is not Outcome.PASSED:
        return ()
    return tuple(
        verdict
        for verdict in result.checks
        if verdict.tier is Tier.CHALLENGE
        and verdict.outcome is Outcome.FAILED
        and verdict.evidence
        and _title(verdict, activity)
    )


def now_watch_this(
    verdicts: tuple[Verdict, ...], activity: Activity, look: Look, check: str
) -> RenderableType:
    """The first of `verdicts` as a story, the challenge that comes of it, and the others by name.

    `check` is what to type to judge the activity again.
    """
    first, *others = verdicts
    points = f" ({counted(first.max_points, 'point')})" * bool(first.max_points)
    same = "The handout's own code does the same, so the" if _of_the_letter(first, activity) else "The"
    offer = (
        f"{same} core of activity {activity.number} has passed. "
        f"The challenge{points} is {first.id}: {first.title}. Change your code and type:"
    )
    parts: list[RenderableType] = [
        Text(),
        Text(f"Now watch this: {_title(first, activity)}", "bold" if look.words else "bold yellow"),
        timeline(story(first.evidence)),
        Text(),
        *(
            Padding(Text(text), (0, 0, 0, 2), expand=False)
            for text in (f"So {clean(first.seen)}{_at(first)}. {first.means}", offer)
        ),
        Text(f"    {check}", "bold"),
    ]
    if others:
        parts.append(Text("  After that, of the same kind:"))
        parts += [Text(f"    {other.id:4} {_title(other, activity)}", "dim") for other in others]
    return Group(*parts)


def _title(verdict: Verdict, activity: Activity) -> str:
    return next((check.story(verdict.how) for check in activity.checks if check.id == verdict.id), "")


def _of_the_letter(verdict: Verdict, activity: Activity) -> bool:
    """Whether the handout's own code fails the check in this way."""
    return any(check.id == verdict.id and check.letter == verdict.how for check in activity.checks)


def _at(verdict: Verdict) -> str:
    return f" ({clean_line(verdict.where.file)}:{verdict.where.line})" if verdict.where else ""
