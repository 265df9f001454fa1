"""What can be proved of an activity without judging anything: its words, its templates, what it covers."""

from __future__ import annotations

from collections.abc import Iterator

from grader.checks import specs
from grader.spec import COMMON_FAILURE_MODES, CheckSpec
from workshop.author.corpus import Corpus
from workshop.course.model import Activity, Task
from workshop.quiz.load import sheets
from workshop.scaffold.blanks import lines_with_blanks
from workshop.scaffold.edits import AddDefinition, CreateFile, SetName
from workshop.scaffold.unify import Match, unify

UNPROVED = frozenset({"B1"})
"""Checks without a mutant: B1 looks at the learner's own machine and not at the project."""


def questions() -> frozenset[str]:
    """The checks that are questions: an answer in words is no project that could be judged."""
    return frozenset(item.id for sheet in sheets() for item in sheet.items)


def fragments(task: Task) -> list[str]:
    """The Python files that `start` fills with blanks."""
    return [
        edit.fragment
        for edit in task.edits
        if isinstance(edit, CreateFile | SetName | AddDefinition) and edit.fragment.endswith(".py")
    ]


def blanks(activity: Activity) -> int:
    """How many blanks a learner fills in this activity."""
    return sum(
        len(lines_with_blanks((activity.templates / fragment).read_text(encoding="utf-8")))
        for task in activity.tasks
        for fragment in fragments(task)
    )


def hints(activity: Activity) -> int:
    """How many hints there are, each level counted."""
    return sum(3 * (1 + len(check.ways)) for check in activity.checks)


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
    """What a learner would miss who fails a check of this activity."""
    for check in activity.checks:
        if check.id in questions():
            continue
        spec = specs().get(check.id)
        if spec is None:
            yield f"{activity.id}: there is no check {check.id}"
            continue
        yield from _spoken(spec)
        for way in check.ways:
            if way not in spec.ways and way not in COMMON_FAILURE_MODES:
                yield f"{activity.id}, {check.id}: hints for the way {way!r}, in which it cannot fail"
        for way, levels in (("", check.hints), *check.ways.items()):
            if len(set(levels)) < len(levels):
                yield f"{activity.id}, {check.id} {way}: a hint comes twice"


def _spoken(spec: CheckSpec) -> Iterator[str]:
    ways = [(f" ({name})", way.means, way.try_) for name, way in spec.ways.items()]
    for name, means, try_ in (("", spec.means, spec.try_), *ways):
        if not (spec.title and means and try_):
            yield f"{spec.id}{name} lacks a title, what it means, or what to try"


def every_check_has_a_mutant(activities: tuple[Activity, ...], corpus: Corpus) -> Iterator[str]:
    """Checks of which nobody has shown that they can fail for the right reason."""
    killers = {mutant.check for mutant in corpus.mutants}
    killers |= {id for mutant in corpus.mutants for id in mutant.also}
    for activity in activities:
        for check in activity.checks:
            if check.id not in killers | UNPROVED | questions():
                yield f"{activity.id}: no mutant is killed by {check.id}"
