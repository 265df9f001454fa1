"""Starting an activity: what comes in, what is asked for, and how a latecomer catches up."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.result import Outcome, Result
from workshop.actions.project import Project, opened
from workshop.actions.start import carry_out, prepare


def begin(project: Project, number: int, *, catch_up: bool = False) -> tuple[str, ...]:
    """Start an activity; returns the lines of its blanks."""
    start = prepare(project, project.activity(str(number)), catch_up=catch_up)
    return tuple(blank.source for blank in carry_out(project, start).blanks)


def test_planning_writes_nothing(learner: Project) -> None:
    before = {path: path.read_bytes() for path in learner.root.rglob("*.py")}
    start = prepare(learner, learner.activity("3"))
    assert {change.path for change in start.changes} == {"safeboda/settings.py", "requirements.txt"}
    assert before == {path: path.read_bytes() for path in learner.root.rglob("*.py")}
    assert learner.progress.started() == ()


def test_activity_3_brings_the_requirements_of_activity_2(learner: Project) -> None:
    blanks = begin(learner, 3)
    assert len(blanks) == 5
    assert any(blank.startswith("CACHE_TTL = ___") for blank in blanks)
    requirements = (learner.root / "requirements.txt").read_text()
    assert "redis==5.0.1" in requirements
    assert "django-redis==5.4.0" in requirements
    assert learner.progress.started() == ("activity-3",)
    assert set(learner.progress.start_files("activity-3")) == {"safeboda/settings.py"}


def test_starting_twice_changes_nothing_more(learner: Project) -> None:
    begin(learner, 3)
    assert prepare(learner, learner.activity("3")).changes == ()
    assert len(begin(learner, 3)) == 5
    assert len(learner.journal.entries()) == 1


def test_earlier_activities_are_mentioned_and_not_demanded(learner: Project) -> None:
    learner.progress.record(Result("activity-2", Outcome.PASSED))
    start = prepare(learner, learner.activity("4"))
    assert [each.id for each in start.open] == ["activity-3"]
    assert start.caught_up == ()
    learner.progress.record(Result("activity-3", Outcome.PASSED))  # its check covers Activity 2 as well
    assert prepare(learner, learner.activity("4")).open == ()


def test_catching_up_brings_the_solutions_of_what_is_not_passed(learner: Project) -> None:
    blanks = begin(learner, 5, catch_up=True)
    views = (learner.root / "users" / "views.py").read_text()
    assert "cache.set(cache_key, response.data, timeout=settings.CACHE_TTL)" in views
    assert "django_redis.cache.RedisCache" in (learner.root / "safeboda" / "settings.py").read_text()
    assert any("cache.delete('_____')" in blank for blank in blanks)
    assert not any("CACHES" in blank or "cache.set" in blank for blank in blanks)


def test_catching_up_is_one_change_and_undo_takes_all_of_it_back(learner: Project) -> None:
    before = {path: path.read_bytes() for path in learner.root.rglob("*") if path.is_file()}
    begin(learner, 5, catch_up=True)
    assert (learner.root / "users" / "cache_signals.py").exists()
    learner.journal.undo()
    ignored = learner.root / ".workshop"
    after = [path for path in learner.root.rglob("*") if path.is_file() and ignored not in path.parents]
    assert {path: path.read_bytes() for path in after} == {
        path: raw for path, raw in before.items() if ignored not in path.parents
    }


def test_catching_up_leaves_alone_what_was_passed(learner: Project) -> None:
    settings = learner.root / "safeboda" / "settings.py"
    own = "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://127.0.0.1/5'}}\n"
    settings.write_text(settings.read_text() + own + "CACHE_TTL = 42\n")
    learner.progress.record(Result("activity-3", Outcome.PASSED))
    begin(learner, 4, catch_up=True)
    assert own in settings.read_text()
    assert "CACHE_TTL = 42" in settings.read_text()


def test_a_list_of_the_learners_own_is_left_to_them(learner: Project) -> None:
    views = learner.root / "users" / "views.py"
    views.write_text(views.read_text() + "\n    def list(self, request):\n        return None\n")
    before = views.read_text()
    start = prepare(learner, learner.activity("4"))
    assert [outcome.file for outcome in start.by_hand] == ["users/views.py"]
    carry_out(learner, start)
    assert "        return None" in views.read_text()
    assert before.splitlines()[-2:] == views.read_text().splitlines()[-2:]
    replaced = prepare(learner, learner.activity("4"), replace=True)
    assert replaced.by_hand == ()


def test_settings_that_are_not_there_are_said(project: Path) -> None:
    (project / "safeboda" / "settings.py").rename(project / "safeboda" / "conf.py")
    with opened(project, notice=pytest.fail) as learner:
        with pytest.raises(UsageError, match=r"safeboda\.settings"):
            prepare(learner, learner.activity("3"))
        prepare(learner, learner.activity("4"))
