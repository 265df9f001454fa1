"""Write what was done into one file that can be committed."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from grader.errors import MachineError
from workshop import __version__
from workshop.actions.handed_in import FILE
from workshop.actions.project import Project
from workshop.actions.review import as_json, review
from workshop.quiz.load import sheets
from workshop.review.model import ACTIVITY

SCHEMA = "workshop/answers/v1"


def _given(project: Project) -> list[dict[str, object]]:
    """Every answer to a question, with the workshop's score and the learner's own."""
    return [
        {
            "sheet": sheet.id,
            "item": given.item,
            "attempt": given.attempt,
            "keys": list(given.keys),
            "text": given.text,
            "passed": given.passed,
            "score": given.score,
            "own": None if given.own is None else list(given.own),
            "own_score": given.own_score,
            "at": given.at,
        }
        for sheet in sheets()
        for given in project.progress.answers.of(sheet.id)
    ]


def submit(project: Project) -> Path:
    """Write the attempts at each activity and all answers to questions to `FILE` beside manage.py.

    Returns its path. The same record gives the same bytes. Raises MachineError if it cannot be written.
    """
    progress = project.progress
    started = progress.started()
    content = {
        "schema": SCHEMA,
        "workshop": __version__,
        "activities": [
            {
                "activity": activity.id,
                "started": activity.id in started,
                "passed": progress.passed(activity.id),
                "hints": progress.hints_given(activity.id),
                "solution_shown": progress.revealed(activity.id),
                "attempts": [
                    {
                        "at": attempt.at,
                        "outcome": attempt.outcome.value,
                        "points": attempt.points,
                        "max_points": attempt.max_points,
                        "holes": attempt.blanks,
                        "failing": [failing.check for failing in attempt.failing],
                    }
                    for attempt in progress.attempts(activity.id)
                ],
            }
            for activity in project.course
        ],
        "answers": {"seed": progress.answers.seed, "given": _given(project)},
        "freshness": [
            {"answer": answer, "write": write, "state": state}
            for (answer, write), state in progress.cells().items()
        ],
        "reviews": [as_json(review(project, turn)) for turn in range(progress.reviews.turn(ACTIVITY) + 1)],
    }
    path = project.root / FILE
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=project.root, prefix=".workshop-", delete=False
        ) as file:
            json.dump(content, file, indent=2)
            file.write("\n")
        written = Path(file.name)
        written.chmod(0o644)
        written.replace(path)
    except OSError as error:
        raise MachineError(
            f"{path} could not be written: {error.strerror or error}.",
            "Check that you may write in the project folder and that the disk has room.",
        ) from error
    return path
