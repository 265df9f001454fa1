"""Begins an activity: a folder that loads, with one task, and everything else to be filled in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from workshop.author.corpus import corpus_root
from workshop.course.load import load_folder
from workshop.course.model import Activity

_ACTIVITY = """\
title = "To be named"
minutes = 20
objectives = ["To be filled in: what a learner can do afterwards"]
try_it = ["workshop redis monitor   # to be filled in: what there is to see"]

[[tasks]]
id = "first-task"
title = "To be named"
text = \"\"\"
To be filled in: what to do, and which question each blank asks.
\"\"\"

[[tasks.edits]]
kind = "create file"
file = "users/first_task.py"
fragment = "first_task.py"
"""

_CHECKS = """\
# What is said of each check of grader/checks/activity_{number}*.py; docs/activities.md has the keys.
#
# [X1]
# tier = "core"
# title = "..."
# passes_when = "..."
# means = "..."
# try = "..."
# hints = ["a nudge", "a pointer", "nearly the answer"]
"""

_LESSON = """\
# Activity {number}: To be named

About 20 minutes.

## What you will be able to do

- To be filled in.

## Try it yourself

To be filled in: what there is to see, and how.

## Pitfalls

To be filled in: what goes wrong at first, and why.

## Further reading

To be filled in: links.
"""

_TEMPLATE = "TIMEOUT = ___  # To be filled in: the code, with a blank for each question\n"
_SOLUTION = "TIMEOUT = 300  # To be filled in: what goes into the blanks\n"
_MUTANTS = (
    "# Projects with one fault each, about Activity {number}. docs/authors.md says how they are written.\n"
)


@dataclass(frozen=True, slots=True)
class Begun:
    """A new activity, and what is to be filled in: each file with what it wants."""

    activity: Activity
    to_fill: tuple[tuple[Path, str], ...]


def begin(number: int, root: Path | None = None) -> Begun:
    """Make the files of activity `number` in the checkout at `root`, by default this one.

    Raises UsageError if there is such an activity already, or no checkout.
    """
    root = root or corpus_root().parent
    exercise, solution = root / f"exercises/activity-{number}", root / f"solutions/activity-{number}"
    if exercise.exists() or solution.exists():
        raise UsageError(f"There is an activity-{number} already.", "Name a number that is free.")
    files = {
        exercise / "activity.toml": (_ACTIVITY, "titles, tasks with their edits"),
        exercise / "checks.toml": (_CHECKS, "the words of each check, and its hints"),
        exercise / "lesson.md": (_LESSON, "the lesson: 60 to 120 lines of at most 80 columns"),
        exercise / "templates/first_task.py": (_TEMPLATE, "code with blanks; one file an edit"),
        solution / "core/first_task.py": (_SOLUTION, "the same without blanks: our answer"),
        solution / "letter/first_task.py": (_SOLUTION, "what whoever does as told would write"),
        solution / "reference/first_task.py": (_SOLUTION, "what a good engineer would hand in"),
        root / f"corpus/activity-{number}/mutants.toml": (_MUTANTS, "a project for each check that fails it"),
    }
    for file, (text, _) in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("{number}", str(number)), encoding="utf-8")
    elsewhere = (
        (exercise / "questions.toml", "the questions; each is named in exercises/handout.toml, too"),
        (root / f"grader/checks/activity_{number}.py", "the checks"),
        (
            root / "docs/checks.md",
            f"a heading `## Activity {number}: ...` and an empty table: `workshop author docs` writes it",
        ),
        (root / "corpus/handout.toml", "the items of the handout that it covers"),
        (root / "README.md", "its name in the list of activities"),
    )
    to_fill = (*((file, what) for file, (_, what) in files.items()), *elsewhere)
    return Begun(load_folder(root, number), to_fill)
