"""An activity that consists of questions: what became of it, and what comes after it."""

from __future__ import annotations

from dataclasses import dataclass

from grader.result import Fault, Outcome, Result, Tier, Verdict
from workshop.actions.handed_in import handed_in
from workshop.actions.next_step import after, next_step
from workshop.actions.project import Project
from workshop.actions.quiz import QuestionRecord, QuestionState, called, question_records
from workshop.course.model import Activity, CourseCheck
from workshop.quiz import load
from workshop.quiz.model import Format, Sheet


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Where the learner stands with the questions of a sheet, and the command that comes next."""

    sentence: str
    next: str


def theory(project: Project, activity: Activity) -> Result:
    """What became of an activity of questions: passed when the required ones are done.

    Where the project's own record has no answer, the one that was handed in with the project counts.
    """
    sheet = load.sheet(activity.id)
    elsewhere = handed_in(project.root, sheet)
    found = {each.item.id: each for each in question_records(project, sheet)}
    for id, given in elsewhere.items():
        if not found[id].given:
            found[id] = QuestionRecord(found[id].item, (given,))
    verdicts = tuple(_verdict(found[check.id], check) for check in activity.checks)
    passed = all(v.outcome is Outcome.PASSED for v in verdicts if v.tier is Tier.CORE)
    outcome, fault = (Outcome.PASSED, None) if passed else (Outcome.FAILED, Fault.CODE)
    return Result(activity.id, outcome, fault, checks=verdicts)


def conclude(project: Project, sheet: Sheet) -> Conclusion:
    """After a round of questions: record an activity that has just been passed, and say what comes next."""
    activity = next((each for each in project.course if each.id == sheet.id), None)
    all_of_them = question_records(project, sheet)
    done = sum(each.state is QuestionState.DONE for each in all_of_them)
    if activity is not None and activity.theory:
        if not project.progress.started():
            project.progress.start(activity.id, {})
        result = theory(project, activity)
        if result.outcome is Outcome.PASSED and not project.progress.passed(activity.id):
            project.progress.record(result)
    sentence = f"{called(sheet)}: {done} of {len(all_of_them)} questions are done."
    if done < len(all_of_them):
        return Conclusion(f"{sentence} Your answers are kept. Go on with:", f"quiz {sheet.id}")
    if activity is None:
        return Conclusion(f"{sentence} See where you are:", "progress")
    if activity.theory:
        return Conclusion(f"{sentence} Go on with:", after(project, activity).words)
    return Conclusion(f"{sentence} Go on with:", next_step(project).words)


_SEEN = {
    QuestionState.OPEN: ("this question has not been answered yet", "Answer it: `workshop quiz`."),
    QuestionState.WRONG: (
        "the last answer was not right",
        "Try again, it comes with other numbers: `workshop quiz`.",
    ),
    QuestionState.REVIEW: (
        "you wrote an answer, and did not compare it with a good one yet",
        "Go on where you stopped: `workshop quiz`.",
    ),
}


def _verdict(record: QuestionRecord, check: CourseCheck) -> Verdict:
    item, state = record.item, record.state
    done = state is QuestionState.DONE
    seen, try_ = _SEEN.get(state, ("", ""))
    # A text that was answered counts. How well, its score tells.
    whole = item.format is not Format.TEXT or record.score >= 1.0
    return Verdict(
        id=check.id,
        title=f"Question: {item.title}",
        tier=check.tier,
        outcome=Outcome.PASSED if done else Outcome.FAILED,
        points=(check.points if whole else (check.points + 1) // 2) if done else 0,
        max_points=check.points,
        fault=None if done else Fault.CODE,
        seen=seen,
        means="" if done else "The activity is passed when all its questions are done.",
        try_=try_,
        how="" if done else state.name.lower(),
    )
