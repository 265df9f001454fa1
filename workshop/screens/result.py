"""The result of a check: one line a check, and for the first failure everything that helps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.result import Outcome, Result, Tier, Verdict
from grader.wording import counted
from workshop.course.matrix import matrix
from workshop.course.model import Activity
from workshop.screens.clean import clean, clean_line
from workshop.screens.look import Look
from workshop.screens.matrix import matrix as picture
from workshop.screens.now_watch_this import failed_challenges, now_watch_this
from workshop.screens.timeline import timeline

_SIGNS = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.BLOCKED: "·",
    Outcome.SKIPPED: "-",
    Outcome.ERROR: "!",
}
_COLOURS = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.BLOCKED: "yellow",
    Outcome.SKIPPED: "bright_black",
    Outcome.ERROR: "magenta",
}

MOST_LEFT_OUT = 5

Command = Callable[[str], str]
"""Turns "check activity-4" into what a person types here."""


@dataclass
class Lines:
    """Draws verdicts as they come. Passed core of earlier activities becomes one line."""

    activity: Activity
    look: Look
    _seen: set[str] = field(default_factory=set)
    _earlier: int = 0

    def feed(self, verdict: Verdict) -> Iterator[RenderableType]:
        """The lines to print now that `verdict` is known."""
        if verdict.id in self._seen:
            return
        self._seen.add(verdict.id)
        own = any(check.id == verdict.id for check in self.activity.checks) or verdict.id == "syntax"
        if not own and verdict.outcome in (Outcome.PASSED, Outcome.SKIPPED):
            self._earlier += 1
            return
        yield from self._collapsed()
        yield verdict_line(verdict, self.look)

    def rest(self, verdicts: Iterable[Verdict]) -> Iterator[RenderableType]:
        """The lines of those not fed yet, and whatever was held back."""
        for verdict in verdicts:
            yield from self.feed(verdict)
        yield from self._collapsed()

    def _collapsed(self) -> Iterator[RenderableType]:
        if self._earlier:
            count, self._earlier = self._earlier, 0
            yield _line(
                _sign(Outcome.PASSED, self.look),
                "",
                Text(f"Core of earlier activities: {count} of {count}", "dim"),
                "",
            )


def _sign(outcome: Outcome, look: Look) -> Text:
    """A tick or a cross, or the word for it."""
    return Text(f"{outcome.value:7}" if look.words else _SIGNS[outcome], _COLOURS[outcome])


def verdict_line(verdict: Verdict, look: Look) -> RenderableType:
    """`✓ L2  The second GET of the list comes from Redis   2/2`."""
    note = f"{verdict.points}/{verdict.max_points}" if verdict.max_points else ""
    if verdict.outcome is Outcome.BLOCKED:
        note = f"needs {', '.join(verdict.needs)}" if verdict.needs else "blocked"
    elif verdict.outcome is Outcome.SKIPPED:
        note = "not applicable"
    title = Text(verdict.title)
    if verdict.tier is not Tier.CORE:
        title.append(f" ({verdict.tier.value})", "dim")
    return _line(_sign(verdict.outcome, look), verdict.id, title, note)


def _line(sign: Text, id: str, title: Text, note: str) -> RenderableType:
    grid = Table.grid(expand=True, padding=(0, 1))
    grid.add_column(width=max(1, len(sign)))
    grid.add_column(min_width=4, no_wrap=True)
    grid.add_column(ratio=1)
    grid.add_column(justify="right", width=14)
    grid.add_row(sign, Text(id, "bold"), title, Text(note, "dim"))
    return grid


def failure(verdict: Verdict, look: Look) -> RenderableType:
    """What was seen, what it means, what to try, the learner's line and the timeline."""
    rows = [("Seen", clean(verdict.seen)), ("Means", verdict.means), ("Try", verdict.try_)]
    if verdict.where:
        rows.append(("Line", f"{clean_line(verdict.where.file)}:{verdict.where.line}"))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", width=5)
    grid.add_column()
    for label, text in rows:
        if text:
            grid.add_row(label, Text(text))
    parts: list[RenderableType] = [
        Text(),
        Text(f"{verdict.id}  {verdict.title}", "bold" if look.words else f"bold {_COLOURS[verdict.outcome]}"),
        Padding(grid, (0, 0, 0, 2), expand=False),
    ]
    if verdict.evidence:
        parts += [Text("  What happened", "bold"), timeline(verdict.evidence)]
    return Group(*parts)


def explained(
    result: Result, activity: Activity, look: Look, command: Command, named: str = ""
) -> Iterator[RenderableType]:
    """What was left out, and the check that is `named` in full, or else the first failure."""
    if result.left_out:
        yield left_out(result)
    if asked_for := next((verdict for verdict in result.checks if verdict.id == named), None):
        yield failure(asked_for, look)
        return
    stories = failed_challenges(result, activity)
    first = result.first_failure
    if first and first not in stories[:1]:
        yield failure(first, look)
    if stories:
        yield now_watch_this(stories, activity, look, command(f"check {activity.id}"))
    if found := matrix(result):
        yield Text.from_ansi(picture(found, look))


def left_out(result: Result) -> RenderableType:
    """The files and folders that were not staged, and why."""
    found = len(result.left_out)
    parts = [Text(f"\n{counted(found, 'file or folder was', 'files or folders were')} left out:", "bold")]
    for each in result.left_out[:MOST_LEFT_OUT]:
        parts.append(Text(f"  {clean_line(each.path)}: {each.reason.value}"))
    if found > MOST_LEFT_OUT:
        parts.append(Text(f"  (and {found - MOST_LEFT_OUT} more)", "dim"))
    return Group(*parts)


def blanks(result: Result, activity: Activity) -> RenderableType:
    """The blanks that are still open."""
    blanks = counted(len(result.blanks), "blank is", "blanks are")
    parts = [Text(f"{blanks} still open in activity {activity.number}, so nothing was run yet:", "bold")]
    for blank in result.blanks:
        parts.append(Text(f"  {clean_line(blank.file)}:{blank.line}", "cyan"))
        parts.append(Text(f"      {clean_line(blank.source, 120)}"))
    return Group(*parts)


def summary(result: Result, activity: Activity, go_on: str, command: Command) -> RenderableType:
    """The sum, and what to type next."""
    lines: list[Text] = [Text()]
    if result.blanks:
        lines.append(Text("Fill them in your editor, then type:"))
        lines.append(Text(f"  {command(f'check {activity.id}')}", "bold"))
        return Group(*lines)
    seconds = result.duration_ms / 1000
    points = f"{result.points} of {result.max_points} points"
    # Without a jail it is the learner's own code that keeps the rules: good for oneself, not for a mark.
    confined = "" if result.jail != "none" else " (a self-check: no jail)"
    took = f", in {seconds:.1f} s{confined}" if seconds else ""
    if result.outcome is Outcome.PASSED:
        lines.append(Text(f"The core of activity {activity.number} passed: {points}{took}.", "bold green"))
        if (left := result.first_failure) and left.tier is not Tier.ADVISORY:
            lines.append(Text(f"There is more in it: {left.id} did not pass. For help with it:"))
            lines.append(Text(f"  {command(f'hint {activity.id}')}", "bold"))
        lines.append(Text("Go on with:"))
        lines.append(Text(f"  {command(go_on)}", "bold"))
        return Group(*lines)
    if result.outcome is Outcome.ERROR:
        lines.append(
            Text(f"Activity {activity.number} could not be judged to the end{took}.", "bold magenta")
        )
    else:
        lines.append(Text(f"Activity {activity.number} is not passed yet: {points}{took}.", "bold red"))
    if activity.theory:
        lines.append(Text("Answer the questions, for help, and to see where you are:"))
        lines.append(Text(f"  {command(f'quiz {activity.id}')}", "bold"))
    else:
        lines.append(Text("For help, and after each change:"))
    lines += [
        Text(f"  {command(f'hint {activity.id}')}", "bold"),
        Text(f"  {command(f'check {activity.id}')}", "bold"),
    ]
    return Group(*lines)
