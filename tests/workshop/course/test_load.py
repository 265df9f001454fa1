"""An activity file is read strictly, and a mistake in it is named by file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import ExitStatus, GraderError, UsageError
from grader.result import Tier
from workshop.course import load
from workshop.course.plan import plan_for
from workshop.scaffold.edits import AddDefinition, AppendEntry, Position

GOOD = """
title = "View-level caching"
minutes = 30
objectives = ["Serve the list from Redis"]
try_it = ["curl twice"]

[[tasks]]
id = "cache-the-list"
title = "Cache the list"
text = "Fill the blanks."

[[tasks.edits]]
kind = "add definition"
file = "users/views.py"
name = "list"
into = "UserViewSet"
fragment = "list.py"

[[tasks.edits]]
kind = "append entry"
file = "{settings}"
to = "INSTALLED_APPS"
entry = "'users'"
position = "first"
import = "import users"

[[checks]]
id = "L2"
tier = "core"
points = 2
hints = ["a", "b", "c"]

[checks.ways.uncached]
hints = ["d", "e", "f"]
"""


def write(root: Path, text: str, number: int = 4) -> None:
    folder = root / "exercises" / f"activity-{number}"
    (folder / "templates").mkdir(parents=True)
    (folder / "activity.toml").write_text(text, encoding="utf-8")
    (folder / "lesson.md").write_text("# Lesson", encoding="utf-8")
    (folder / "templates" / "list.py").write_text("x = ___", encoding="utf-8")


def test_everything_an_author_writes_arrives(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    activity = load.load_folder(tmp_path, 4)
    assert (activity.id, activity.title, activity.minutes) == ("activity-4", "View-level caching", 30)
    assert activity.tasks[0].edits == (
        AddDefinition(file="users/views.py", name="list", fragment="list.py", into="UserViewSet"),
        AppendEntry("{settings}", "INSTALLED_APPS", "'users'", Position.FIRST, "import users"),
    )
    (check,) = activity.checks
    assert (check.id, check.tier, check.points, check.hints) == ("L2", Tier.CORE, 2, ("a", "b", "c"))
    assert check.ways["uncached"] == ("d", "e", "f")
    assert activity.solutions == tmp_path / "solutions" / "activity-4"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "View-level caching"', "", "title is missing"),
        ("minutes = 30", 'minutes = "30"', "minutes must be a whole number"),
        ("minutes = 30", "minutes = true", "minutes must be a whole number"),
        ('try_it = ["curl twice"]', "try_it = [3]", "try_it must be a list of strings"),
        ('tier = "core"', 'tier = "main"', "checks[1].tier must be one of"),
        ('["a", "b", "c"]', '["a", "b"]', "checks[1].hints must have exactly three"),
        ('["d", "e", "f"]', '["d"]', "checks[1].ways.uncached.hints must have"),
        ('kind = "add definition"', 'kind = "add"', "tasks[1].edits[1].kind must be one of"),
        ('fragment = "list.py"', 'fragment = "lost.py"', "tasks[1].edits[1].fragment names 'lost.py'"),
        ('fragment = "list.py"', "", "tasks[1].edits[1].fragment is missing"),
        ('position = "first"', 'position = "top"', "tasks[1].edits[2].position must be"),
        ('name = "list"', 'name = "list"\ncolour = "red"', "tasks[1].edits[1].colour is not a key"),
        ("[[tasks]]", "extra = 1\n[[tasks]]", "extra is not a key"),
        ("points = 2", "points = -2", "checks[1].points must be a whole number"),
        ('title = "Cache the list"', 'title = ""', "tasks[1].title is empty"),
        (
            "[[checks]]",
            '[[checks]]\nid="L2"\ntier="core"\npoints=1\nhints=["a","b","c"]\n[[checks]]',
            "'L2' more",
        ),
        ("minutes = 30", "minutes = ", "cannot be read"),
    ],
)
def test_a_mistake_is_named_by_file_and_key(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(GraderError) as caught:
        load.load_folder(tmp_path, 4)
    assert words in caught.value.sentence
    assert "activity.toml" in caught.value.sentence
    assert caught.value.status is ExitStatus.OURS


def test_activities_come_in_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (10, 2, 9):
        write(tmp_path, GOOD, number)
    (tmp_path / "exercises" / "extensions").mkdir()
    assert [activity.number for activity in load.activities(tmp_path)] == [2, 9, 10]


def test_the_course_itself_is_well_formed() -> None:
    course = load.activities()
    assert [activity.number for activity in course][:5] == [1, 2, 3, 4, 5]
    assert all(activity.checks and activity.tasks for activity in course)
    assert [activity.number for activity in course if activity.theory] == [1]


def test_questions_are_not_in_the_plan_of_a_later_activity(tmp_path: Path) -> None:
    write(tmp_path, "theory = true\n" + bare(("T01", "core", 2)), 1)
    write(tmp_path, bare(("B3", "core", 2)), 2)
    course = load.activities(tmp_path)
    assert [check.id for check in plan_for(course[1], course).checks] == ["B3"]


@pytest.mark.parametrize("name", ["activity-4", "4", "Activity 4", " activity_4 "])
def test_an_activity_is_found_by_how_people_write_it(name: str) -> None:
    assert load.by_name(name).number == 4


@pytest.mark.parametrize("name", ["99", "four", "activity-", ""])
def test_an_unknown_activity_is_said_with_those_there_are(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        load.by_name(name)
    assert "activity-4" in caught.value.remedy


CHECK = '\n[[checks]]\nid = "{id}"\ntier = "{tier}"\npoints = {points}\nhints = ["a", "b", "c"]\n'


def bare(*checks: tuple[str, str, int]) -> str:
    head = 'title = "T"\nminutes = 1\nobjectives = ["o"]\n'
    return head + "".join(CHECK.format(id=id, tier=tier, points=points) for id, tier, points in checks)


def test_a_plan_has_the_core_of_earlier_activities_unpaid(tmp_path: Path) -> None:
    write(tmp_path, bare(("B1", "core", 2), ("B3", "core", 2), ("B4", "advisory", 0)), 2)
    write(tmp_path, bare(("F1", "core", 2), ("F5", "challenge", 1)), 3)
    write(tmp_path, bare(("L2", "core", 2), ("F5", "core", 2)), 4)
    write(tmp_path, bare(("I1", "core", 2)), 5)
    course = load.activities(tmp_path)

    assert [(c.id, c.points) for c in plan_for(course[0], course).checks] == [("B1", 2), ("B3", 2), ("B4", 0)]
    fourth = plan_for(course[2], course)
    assert fourth.activity == "activity-4"
    assert [(c.id, c.tier, c.points) for c in fourth.checks] == [
        ("B3", Tier.CORE, 0),
        ("F1", Tier.CORE, 0),
        ("L2", Tier.CORE, 2),
        ("F5", Tier.CORE, 2),
    ]
    assert [c.id for c in plan_for(course[3], course).checks] == ["B3", "F1", "L2", "F5", "I1"]
