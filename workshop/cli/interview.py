"""Asks questions in a terminal, or of whoever writes to our input: line by line, by the keyboard alone."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext, suppress

from grader.errors import UsageError, WorkshopError
from workshop.actions import quiz as action
from workshop.actions.project import Project
from workshop.cli.context import Context
from workshop.cli.guard import explain
from workshop.quiz.asked import Answer, Asked, understood
from workshop.quiz.live.laboratory import Laboratory
from workshop.quiz.model import Format, Sheet
from workshop.screens import quiz as screen

LATER, STOP = "s", "q"


class _Stopped(Exception):
    """The learner wants to stop here."""


class _Later(Exception):
    """The learner leaves this question for later."""


class Interview:
    """The questions of one sheet, asked until all are done or the learner stops."""

    def __init__(self, context: Context, project: Project, sheet: Sheet, laboratory: Laboratory) -> None:
        self._context = context
        self._project = project
        self._sheet = sheet
        self._laboratory = laboratory

    def ask_all(self, only: str = "") -> None:
        """Ask what is open; with `only` just that question, though it may be done."""
        later: set[str] = set()
        try:
            while (record := action.following(self._project, self._sheet, later, only)) is not None:
                try:
                    self._ask(record)
                except _Later:
                    later.add(record.item.id)
                except WorkshopError as error:  # an experiment that cannot be made here
                    self._context.say(explain(error))
                    later.add(record.item.id)
                if only and (later or action.question_record(self._project, self._sheet, only).rests):
                    return
        except _Stopped:
            return

    def _ask(self, record: action.QuestionRecord) -> None:
        say, look = self._context.say, self._context.look
        if record.state is action.QuestionState.REVIEW:
            say(f"\n{record.item.title}. You wrote:\n{screen.own_text(record.given[-1].text, look)}")
            self._review(record)
            return
        asked = action.question(self._project, record)
        at = [item.id for item in self._sheet.items].index(record.item.id) + 1
        head = action.called(self._sheet)
        say("\n" + screen.question(asked, head, at, len(self._sheet.items), look))
        if asked.item.format is Format.TEXT:
            self._in_words(asked)
        else:
            self._chosen(asked)

    def _chosen(self, asked: Asked) -> None:
        answer = None
        while answer is None:
            typed = self._typed("> ")
            if typed.lower() == LATER:
                raise _Later
            try:
                answer = understood(asked, typed)
            except UsageError as error:
                self._context.say(explain(error))
        with self._waiting(asked):
            marked = action.answer(self._project, self._sheet, asked, answer, self._laboratory)
        self._context.say("\n" + screen.feedback(marked, self._context.look))
        if not marked.grade.passed:
            self._context.say("\nIt is asked again.")
        if self._context.interactive:
            self._typed("\nEnter goes on, q stops. ")

    def _waiting(self, asked: Asked) -> AbstractContextManager[object]:
        """Something to see while an experiment runs."""
        doing = "It is being done ..."
        if asked.item.run and self._context.live:
            return self._context.console().status(doing)
        if asked.item.run:
            self._context.say(doing)
        return nullcontext()

    def _in_words(self, asked: Asked) -> None:
        if asked.item.rubric is None and (failed := action.failed_once(self._project)):
            self._context.tell(f"\nChecks that once failed here: {', '.join(failed)}.\n")
        text = self._found_text(asked) or self._paragraphs()
        while (
            marked := action.answer(self._project, self._sheet, asked, Answer(text=text), self._laboratory)
        ).grade.empty:
            self._context.tell(
                "That has no words of your own in it. Write what you think: a few words will do. s: later."
            )
            text = self._paragraphs()
        if marked.grade.reading is None:
            self._context.say("\nThank you. It is kept with your answers.")
            return
        self._context.say("\n" + screen.read_text(marked.grade.reading, self._context.look))
        self._review(action.question_record(self._project, self._sheet, asked.item.id))

    def _found_text(self, asked: Asked) -> str:
        """An answer in the learner's own Markdown, if they want to take it."""
        found = action.found(self._project, asked.item)
        if not found:
            return ""
        self._context.say(
            f"\nIn your own Markdown there is:\n{screen.own_text(found[:600], self._context.look)}\n"
        )
        return found if self._typed("Take that as your answer? [y/n] ").lower() in ("y", "yes") else ""

    def _review(self, record: action.QuestionRecord) -> None:
        reading = action.reading_again(record)
        if reading is None:
            return
        self._context.say("\n" + screen.review(record.item, reading, self._context.look))
        ideas = [idea.id for idea in reading.rubric.ideas]
        typed = self._typed("> ")
        while not set(typed) <= set(" ,") | {str(number) for number in range(1, len(ideas) + 1)}:
            self._context.say(f"Please type numbers from 1 to {len(ideas)}, or Enter alone.")
            typed = self._typed("> ")
        numbers = sorted({int(digit) for digit in typed if digit.isdigit()})
        ticked = [ideas[number - 1] for number in numbers] if numbers else list(reading.ideas)
        score = action.review(self._project, record.item, reading, ticked)
        self._context.tell(
            f"Kept: your text, what I found in it and your own review. Together {round(score * 100)} of 100."
        )

    def _paragraphs(self) -> str:
        """Lines up to an empty one."""
        lines: list[str] = []
        while line := self._typed("" if lines else "> "):
            if not lines and line.lower() == LATER:
                raise _Later
            lines.append(line)
        return "\n".join(lines)

    def _typed(self, prompt: str) -> str:
        """A line, with the keys of a line editor where there are any."""
        context = self._context
        if context.live and context.interactive:
            with suppress(ImportError):  # not every Python has it
                import readline  # noqa: F401  # input() uses it once it is there
            try:
                line = input(prompt) + "\n"
            except EOFError:
                line = ""
        else:
            context.stdout.write(prompt)
            context.stdout.flush()
            line = context.stdin.readline()
        if not line or line.strip().lower() == STOP:
            raise _Stopped
        return line.strip()
