"""Now watch this: a fault of the handout's own code, shown happening on the learner's code."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from grader.result import Outcome, Result, Tier, Verdict
from workshop.course.model import Activity
from workshop.screens.clean import clean, clean_line
from workshop.screens.look import Look
from workshop.screens.story import story
from workshop.screens.timeline import timeline

TITLES = {
    "F5": "Redis goes down, and takes your API with it",
    "L8 collision": "a word in the URL opens the wrong drawer of the cache",
    "D5": "one user, two spellings, two keys",
    "I6": "a user is added in the admin, and nobody sees it",
    "I7": "a change is made in the admin, and nobody sees it",
    "I8": "a user is deleted in the admin, and stays",
    "I9": "another process writes, and your cache does not hear of it",
    "I10": "a reader comes between clearing and writing",
    "I10 zombie": "a deleted user comes back to life",
    "I11": "a reader comes before the commit",
    "I11 zombie": "a deleted user comes back to life",
    "I12": "a write is taken back, and shows all the same",
    "I14 flushed": "one small update, and others lose what they had cached",
    "I16": "a bulk write makes no noise",
    "N12": "the cache is cold, and each passenger asks for the user alone",
    "M2 not_counted": "hits and misses come and go, and nobody counts them",
    "M5 silent": "your line is made, and nobody sees it",
    "M6": "a call fails, and nobody took its time",
    "ST3 keys": "one look at your statistics stops Redis for everybody",
    "ST5 raised": "Redis goes down, and the page that should say so goes with it",
    "ST5 looks_empty": "Redis is down, and your page calls that an empty cache",
    "ST6 public": "a stranger reads what your cache holds",
    "P1 down_is_fine": "nobody is there, and the load test is content",
    "P1 error_is_fine": "errors only, and the load test measures how quick they are",
    "P3 never_cold": "the first call was to be a miss",
    "W2": "a write brings the user up to date, and not the list",
    "U4": "what the command stores outlives what the views store",
    "U5": "the command waits for Redis once for each user",
    "U8 success": "Redis is down, and the command reports success",
    "G3": "a short value takes the list of its tag along",
    "G4": "two writers at once, and the tag knows of one",
    "R3": "nobody set the variable, and nobody noticed",
    "R5": "a server says nothing, and your worker waits",
    "R6": "one environment reads what the other has stored",
    "R7 refused": "what your code asks of a server that it shares",
    "R8 moved": "two of three keys live on another node",
}
"""What the stories are called, by check or by check and the way it failed: what the handout's code does."""


def failed_challenges(result: Result) -> tuple[Verdict, ...]:
    """The failures that are shown as stories: challenges, once the core has passed."""
    if result.outcome is not Outcome.PASSED:
        return ()
    return tuple(
        verdict
        for verdict in result.checks
        if verdict.tier is Tier.CHALLENGE
        and verdict.outcome is Outcome.FAILED
        and verdict.evidence
        and _title(verdict)
    )


def now_watch_this(
    verdicts: tuple[Verdict, ...], activity: Activity, look: Look, check: str
) -> RenderableType:
    """The first of `verdicts` as a story, the challenge that comes of it, and the others by name.

    `check` is what to type to judge the activity again.
    """
    first, *others = verdicts
    points = f" ({first.max_points} point{'' if first.max_points == 1 else 's'})" * bool(first.max_points)
    offer = (
        f"The handout's own code does the same, so the core of activity {activity.number} has passed. "
        f"The challenge{points} is {first.id}: {first.title}. Change your code and type:"
    )
    parts: list[RenderableType] = [
        Text(),
        Text(f"Now watch this: {_title(first)}", "bold" if look.words else "bold yellow"),
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
        parts += [Text(f"    {other.id:4} {_title(other)}", "dim") for other in others]
    return Group(*parts)


def _title(verdict: Verdict) -> str:
    return TITLES.get(f"{verdict.id} {verdict.how}") or TITLES.get(verdict.id, "")


def _at(verdict: Verdict) -> str:
    return f" ({clean_line(verdict.where.file)}:{verdict.where.line})" if verdict.where else ""
