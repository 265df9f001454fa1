"""Which blanks stop a check, and which can wait."""

from __future__ import annotations

from workshop.actions.blanks import in_the_way
from workshop.actions.project import Project
from workshop.actions.start import carry_out, prepare


def files_and_blanks(project: Project, number: int) -> set[str]:
    return {blank.file for blank in in_the_way(project.root, project.activity(str(number)), project.course)}


def test_blanks_of_a_later_activity_can_wait(learner: Project) -> None:
    for number in (3, 4, 5):
        carry_out(learner, prepare(learner, learner.activity(str(number))))
    assert files_and_blanks(learner, 2) == set()
    assert files_and_blanks(learner, 3) == {"safeboda/settings.py"}
    assert files_and_blanks(learner, 4) == {"safeboda/settings.py", "users/views.py"}
    assert files_and_blanks(learner, 5) == {
        "safeboda/settings.py",
        "users/views.py",
        "users/cache_signals.py",
    }
    lines = {blank.source for blank in in_the_way(learner.root, learner.activity("4"), learner.course)}
    assert not any("cache.delete" in line for line in lines)


def test_a_blank_that_was_moved_is_still_found(learner: Project) -> None:
    carry_out(learner, prepare(learner, learner.activity("4")))
    views = learner.root / "users" / "views.py"
    (learner.root / "users" / "cached_views.py").write_text(views.read_text())
    views.write_text("from .cached_views import *\n")
    assert files_and_blanks(learner, 4) == {"users/cached_views.py"}


def test_underscores_of_the_learners_own_stop_nothing(learner: Project) -> None:
    (learner.root / "users" / "forms.py").write_text("LINE = '__________'\n")
    carry_out(learner, prepare(learner, learner.activity("2")))
    assert files_and_blanks(learner, 5) == set()
