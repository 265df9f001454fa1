"""What a learner sees of a mutant: the screen of the check that failed, and its hints. Made comparable."""

from __future__ import annotations

import io
import re

from rich.console import Console

from grader.result import Result, Verdict
from workshop.author.corpus import Mutant
from workshop.author.corpus_judge import verdict
from workshop.course.load import activities, load
from workshop.course.model import HintLevels
from workshop.screens.look import Look
from workshop.screens.result import failure

LOOK = Look(width=100)

_VARYING = (
    (re.compile(r"^ *\d+\.\d+ m?s ", re.MULTILINE), "    … ms "),
    (re.compile(r"\b(took|after) \d+\.\d s"), r"\1 … s"),
    (re.compile(r"(?<!\d)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+00:00"), "…"),
    (re.compile(r"\b\d+\.\d{4,}(s?)\b"), r"…\1"),
    (re.compile(r"\bmade \d+ ms late\b"), "made … ms late"),
    (re.compile(r"\b\d+ were (kept|found)\b"), r"… were \1"),
    (re.compile(r"(?<=sessions\.cache)[a-z0-9]{20,}"), "…"),
    (re.compile(r"\(asked \d+ times\)"), "(asked … times)"),
    (re.compile(r"\b\d+ B\b"), "… B"),
    (re.compile(r"\b\d+\.\d+x"), "…x"),
    (re.compile(r"\bby (?!10\b)\d{2,}\b|(?<=ratio )by -?[\d.]+"), "by …"),
    (re.compile(r"\b\d+ (outlived|answers with)\b"), r"… \1"),
    (re.compile(r"\bbelow \d+ ms\b"), "below … ms"),
    (re.compile(r"127\.0\.0\.1:(?!6379\b)\d+"), "127.0.0.1:…"),
    (re.compile(r"(?<![A-Za-z0-9])x?[0-9a-f]{8,}(\.\d+)?\b"), "…"),
)


def transcript(mutant: Mutant, result: Result) -> str:
    """The screen of the named check, and the three hints on how it failed. Empty if it did not."""
    found = verdict(result, mutant.check)
    if found is None or not found.seen:
        return ""
    head = f"## {mutant.id}: {mutant.name}\n"
    believes = f"({mutant.believes})\n" if mutant.believes else ""
    screen = io.StringIO()
    Console(file=screen, width=LOOK.width, no_color=True, markup=False, highlight=False).print(
        failure(found, LOOK)
    )
    hints = "\n".join(f"  Hint {n}  {text}" for n, text in enumerate(_hints(found, mutant.activity), 1))
    return f"{head}{believes}{comparable(screen.getvalue())}\n{hints}\n"


def comparable(text: str) -> str:
    """`text` without what differs from run to run: times, and words made up for one run."""
    for pattern, instead in _VARYING:
        text = pattern.sub(instead, text)
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n") + "\n"


def _hints(found: Verdict, number: int) -> HintLevels | tuple[()]:
    """The hints of the activity itself, else of the first that has the check."""
    for activity in (load(number), *activities()):
        for check in activity.checks:
            if check.id == found.id:
                return check.hints_for(found.how)
    return ()
