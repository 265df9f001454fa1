"""The way back: reset, undo, and an instructor's reset of many projects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import ExitStatus, UsageError
from grader.result import Outcome, Result
from grader.servers.private import PrivateServer
from workshop.actions.instructor import chosen, clear
from workshop.actions.project import Project, opened
from workshop.actions.reset import plan_reset, reset
from workshop.actions.solution import apply_solution, plan_solution
from workshop.actions.start import carry_out, prepare
from workshop.actions.undo import plan_undo, undo
from workshop.course.load import load
from workshop.scaffold.journal import FileChanged


def begin(learner: Project, *numbers: int) -> None:
    for number in numbers:
        carry_out(learner, prepare(learner, learner.activity(str(number))))


def solve(learner: Project, number: int) -> None:
    activity = learner.activity(str(number))
    apply_solution(learner, activity, plan_solution(learner, activity))


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not {".workshop", "__pycache__"} & set(path.relative_to(root).parts)
    }


def test_reset_brings_the_blanks_back_and_undo_the_work(learner: Project) -> None:
    begin(learner, 3, 4)
    at_start = files(learner.root)
    solve(learner, 4)
    views = learner.root / "users" / "views.py"
    views.write_text(views.read_text() + "# mine\n")
    worked = files(learner.root)

    planned = plan_reset(learner, [learner.activity("4")])
    assert [change.path for change in planned.changes] == ["users/views.py"]
    reset(learner, planned)
    assert files(learner.root) == at_start
    assert plan_reset(learner, [learner.activity("4")]).changes == ()

    undo(learner, plan_undo(learner))
    assert files(learner.root) == worked


def test_reset_says_whose_part_in_the_same_files_goes_too(learner: Project) -> None:
    begin(learner, 4, 5)
    planned = plan_reset(learner, [learner.activity("4")])
    assert [each.id for each in planned.shared] == ["activity-5"]
    assert plan_reset(learner, [learner.activity("5")]).shared == ()


def test_a_file_that_a_later_activity_has_moved_goes_back_with_it(learner: Project) -> None:
    begin(learner, 3)
    at_start = files(learner.root)
    solve(learner, 3)
    begin(learner, 8)
    assert not (learner.root / "safeboda/settings.py").exists()
    planned = plan_reset(learner, [learner.activity("3")])
    assert [each.id for each in planned.shared] == ["activity-8"]
    reset(learner, planned)
    after = files(learner.root)
    # What Activity 6 requires came with the start of 8, and stays.
    assert {**after, "requirements.txt": b""} == {**at_start, "requirements.txt": b""}
    undo(learner, plan_undo(learner))
    assert (learner.root / "safeboda/settings/base.py").exists()


def test_the_move_of_the_settings_goes_back_and_comes_again(learner: Project) -> None:
    before = files(learner.root)
    begin(learner, 8)
    moved = files(learner.root)
    assert b".parent.parent.parent" in moved["safeboda/settings/base.py"]
    undo(learner, plan_undo(learner))
    assert files(learner.root) == before
    begin(learner, 8)
    solve(learner, 8)
    (learner.root / "safeboda/settings/base.py").write_text("LOST = True\n")
    reset(learner, plan_reset(learner, [learner.activity("8")]))
    assert files(learner.root) == moved


def test_several_activities_go_back_to_the_start_of_the_first(learner: Project) -> None:
    begin(learner, 4)
    at_start = files(learner.root)
    solve(learner, 4)
    begin(learner, 5)
    reset(learner, plan_reset(learner, learner.course))
    assert files(learner.root) == at_start
    assert not (learner.root / "users" / "cache_signals.py").exists()


def test_what_was_never_started_cannot_be_reset(learner: Project) -> None:
    with pytest.raises(UsageError, match="activity-4 was not started"):
        plan_reset(learner, [learner.activity("4")])


def test_undo_takes_back_one_change_after_the_other(learner: Project) -> None:
    original = files(learner.root)
    begin(learner, 3)
    begin(learner, 4)
    assert plan_undo(learner).why == "start activity-4"
    undo(learner, plan_undo(learner))
    assert plan_undo(learner).why == "start activity-3"
    undo(learner, plan_undo(learner))
    assert files(learner.root) == original
    with pytest.raises(UsageError, match="nothing to undo"):
        plan_undo(learner)


def test_undo_refuses_to_lose_an_edit(learner: Project) -> None:
    begin(learner, 4)
    views = learner.root / "users" / "views.py"
    views.write_text(views.read_text().replace("'_____'", "'user_list'", 1))
    edited = files(learner.root)
    with pytest.raises(FileChanged):
        undo(learner, plan_undo(learner))
    assert files(learner.root) == edited


@pytest.mark.parametrize(
    ("numbers", "every", "ids"),
    [("4", False, [4]), ("2-4", False, [2, 3, 4]), ("5,3", False, [3, 5]), ("", False, None)],
)
def test_activities_are_read_as_people_write_them(numbers: str, every: bool, ids: list[int] | None) -> None:
    found = chosen(numbers, every)
    assert (None if found is None else [each.number for each in found]) == ids


@pytest.mark.parametrize(("numbers", "every"), [("four", False), ("4-", True), ("99", False), ("-4", False)])
def test_activities_that_make_no_sense_are_refused(numbers: str, every: bool) -> None:
    with pytest.raises(UsageError):
        chosen(numbers, every)


Make = Callable[..., Path]


def work(root: Path) -> dict[str, bytes]:
    """Start 4, work on it and be checked; returns the files as they were at the start."""
    with opened(root, notice=pytest.fail) as learner:
        begin(learner, 4)
        at_start = files(root)
        solve(learner, 4)
        learner.progress.record(Result("activity-4", Outcome.PASSED))
        learner.progress.give_hint("activity-4", "L2", "", 1)
    return at_start


def test_an_instructor_puts_a_class_back_and_each_can_undo(make_project: Make) -> None:
    ada, ben, eve = (make_project(name=name) for name in ("ada", "ben", "eve"))
    at_start = work(ada)
    worked = files(ada)

    dry = clear(ada, [load(4)], dry_run=True, notice=pytest.fail)
    assert "would go back" in dry.sentence
    assert files(ada) == worked

    done = clear(ada, [load(4)], dry_run=False, notice=pytest.fail)
    assert (done.status, "users/views.py" in done.sentence) == (ExitStatus.OK, True)
    assert files(ada) == at_start
    assert "nothing to reset" in clear(ben, None, dry_run=False, notice=pytest.fail).sentence
    (eve / "manage.py").unlink()
    assert clear(eve, None, dry_run=False, notice=pytest.fail).status is ExitStatus.USAGE

    with opened(ada, notice=pytest.fail) as learner:
        assert learner.progress.started() == ("activity-4",)
        assert not learner.progress.passed("activity-4")
        assert learner.progress.hints_given("activity-4") == 0
        undo(learner, plan_undo(learner))
        assert files(ada) == worked
        assert learner.progress.passed("activity-4")
        assert learner.progress.hints_given("activity-4") == 1


def test_a_reset_that_changes_no_file_can_be_undone_too(make_project: Make) -> None:
    root = make_project()
    with opened(root, notice=pytest.fail) as learner:
        begin(learner, 4)
        learner.progress.record(Result("activity-4", Outcome.FAILED))
    before = files(root)
    assert "no file differs" in clear(root, None, dry_run=False, notice=pytest.fail).sentence
    with opened(root, notice=pytest.fail) as learner:
        assert learner.progress.attempts("activity-4") == ()
        planned = plan_undo(learner)
        assert planned.changes == ()
        undo(learner, planned)
        assert len(learner.progress.attempts("activity-4")) == 1
        assert plan_undo(learner).why == "start activity-4"
    assert files(root) == before


def test_only_the_workshops_own_keys_are_removed(make_project: Make, private_server: PrivateServer) -> None:
    root = make_project()
    work(root)
    (root / ".env").write_text(f"REDIS_URL=unix://{private_server.address.path}?db=1\n")
    with private_server.client() as client:
        client.call("SELECT", 1)
        client.call("MSET", "workshop:check:1", "x", "workshop:1:user_list", "x", ":1:user_list", "x")
        cleared = clear(root, None, dry_run=False, notice=pytest.fail)
        assert "1 of our keys" in cleared.sentence
        left = client.call("KEYS", "*")
    assert isinstance(left, list)
    assert sorted(map(bytes, left)) == [b":1:user_list", b"workshop:1:user_list"]  # type: ignore[arg-type]
