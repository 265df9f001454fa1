"""What can be proved of an activity without judging anything: its words, its templates, what it covers."""

from __future__ import annotations

from collections.abc import Iterator

from grader.checks import specs
from workshop.author.corpus import Corpus
from workshop.course.model import Activity, Task
from workshop.scaffold.blanks import lines_with_blanks
from workshop.scaffold.unify import Match, unify


def fragments(task: Task) -> list[str]:
    """The Python files that `start` fills with blanks."""
    return [edit.fragment for edit in task.edits if edit.fragment.endswith(".py")]


def blanks(activity: Activity) -> int:
    """How many blanks a learner fills in this activity."""
    return sum(
        len(lines_with_blanks((activity.templates / fragment).read_text(encoding="utf-8")))
        for task in activity.tasks
        for fragment in fragments(task)
    )


def hints(activity: Activity) -> int:
    """How many hints there are, each level counted."""
    return sum(3 * (1 + len(check.mode_hints)) for check in activity.checks)


def templates_unify(activity: Activity) -> Iterator[str]:
    """Where a template and its core solution are not one thing but for the blanks, and what cannot fail."""
    for task in activity.tasks:
        lines = 0
        for fragment in fragments(task):
            place = f"{activity.id}/{fragment}"
            template = (activity.templates / fragment).read_text(encoding="utf-8")
            solution = activity.solutions / "core" / fragment
            if not solution.is_file():
                yield f"{place}: there is no core solution"
                continue
            found = unify(template, answer := solution.read_text(encoding="utf-8"))
            open_lines = lines_with_blanks(template)
            lines += len(open_lines)
            if not isinstance(found, Match):
                yield f"{place}, line {found.line}: the core solution is another thing: {found.reason}"
            elif {binding.line for binding in found.bindings} != set(open_lines):
                yield f"{place}: not every blank is filled"
            if lines_with_blanks(answer):
                yield f"{place}: the core solution has blanks"
        if fragments(task) and bool(lines) is task.given:
            what = "is given and has blanks" if task.given else "has no blank, so the template cannot fail"
            yield f"{activity.id}: the task {task.id} {what}"


def words_are_there(activity: Activity) -> Iterator[str]:
    """What a learner would miss who fails a check of this activity, beyond what the loader asks for."""
    for check in activity.checks:
        if check.words and check.id not in specs():
            yield f"{activity.id}: there is no check {check.id}"
        for mode, levels in (("", check.hints), *check.mode_hints.items()):
            if len(set(levels)) < len(levels):
                yield f"{activity.id}, {check.id} {mode}: a hint comes twice"


def every_check_has_a_mutant(activities: tuple[Activity, ...], corpus: Corpus) -> Iterator[str]:
    """Checks of which nobody has shown that they can fail for the right reason.

    What looks at the learner's own machine, and not at the project, cannot be shown to.
    """
    killers = {mutant.check for mutant in corpus.mutants}
    killers |= {id for mutant in corpus.mutants for id in mutant.also}
    for activity in activities:
        for check in activity.checks:
            spec = specs().get(check.id)
            if spec and not spec.machine_only and check.id not in killers:
                yield f"{activity.id}: no mutant is killed by {check.id}"
