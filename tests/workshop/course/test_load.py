"""An activity file is read strictly, and a mistake in it is named by file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import ExitStatus, GraderError, UsageError
from grader.plan import CheckWords, FailureMode
from grader.result import Tier
from workshop.course import load
from workshop.course.model import Activity, Judged
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
"""

CHECKS = """
[shared.writes]
means = "Readers are told what is no longer true."

[shared.writes.modes.list]
means = "The list is old."
try = "Clear it."

[L2]
tier = "core"
title = "The second GET comes from Redis"
passes_when = "a warm GET is a hit"
means = "Every request does the work."
try = "Store it."
hints = ["a", "b", "c"]
story = "an old list"

[L2.modes.uncached]
means = "It came from the database."
try = "Compare the keys."
hints = ["d", "e", "f"]
story = "no list at all"

[L2.modes.server_error]
hints = ["g", "h", "i"]

[I1]
tier = "challenge"
judged = "gated"
title = "A POST shows"
passes_when = "fresh after a POST"
shares = "writes"
try = "Clear the list."
hints = ["j", "k", "l"]

[I1.modes.list]
hints = ["m", "n", "o"]
"""


def write(root: Path, text: str = GOOD, number: int = 4, checks: str = CHECKS) -> None:
    folder = root / "exercises" / f"activity-{number}"
    (folder / "templates").mkdir(parents=True)
    (folder / "activity.toml").write_text(text, encoding="utf-8")
    (folder / "checks.toml").write_text(checks, encoding="utf-8")
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
    check, post = activity.checks
    assert (check.id, check.tier, check.points, check.hints) == ("L2", Tier.CORE, 2, ("a", "b", "c"))
    assert [check.hints_for(how) for how in ("uncached", "server_error", "other")] == [
        ("d", "e", "f"),
        ("g", "h", "i"),
        ("a", "b", "c"),
    ]
    assert (check.story("uncached"), check.story("other")) == ("no list at all", "an old list")
    assert check.words == CheckWords(
        "The second GET comes from Redis",
        "Every request does the work.",
        "Store it.",
        {"uncached": FailureMode("It came from the database.", "Compare the keys.")},
    )
    assert (post.judged, post.points, post.hints_for("list")) == (Judged.GATED, 1, ("m", "n", "o"))
    assert post.words == CheckWords(
        "A POST shows",
        "Readers are told what is no longer true.",
        "Clear the list.",
        {"list": FailureMode("The list is old.", "Clear it.")},
    )
    assert activity.solutions == tmp_path / "solutions" / "activity-4"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "View-level caching"', "", "title is missing"),
        ("minutes = 30", 'minutes = "30"', "minutes must be a whole number"),
        ("minutes = 30", "minutes = true", "minutes must be a whole number"),
        ('try_it = ["curl twice"]', "try_it = [3]", "try_it must be a list of strings"),
        ('kind = "add definition"', 'kind = "add"', "tasks[1].edits[1].kind must be one of"),
        ('fragment = "list.py"', 'fragment = "lost.py"', "tasks[1].edits[1].fragment names 'lost.py'"),
        ('fragment = "list.py"', "", "tasks[1].edits[1].fragment is missing"),
        ('position = "first"', 'position = "top"', "tasks[1].edits[2].position must be"),
        ('name = "list"', 'name = "list"\ncolour = "red"', "tasks[1].edits[1].colour is not a key"),
        ("[[tasks]]", "extra = 1\n[[tasks]]", "extra is not a key"),
        ('title = "Cache the list"', 'title = ""', "tasks[1].title is empty"),
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


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('tier = "core"', 'tier = "main"', "L2.tier must be one of"),
        ('judged = "gated"', 'judged = "never"', "I1.judged must be one of"),
        ('["a", "b", "c"]', '["a", "b"]', "L2.hints must have exactly three"),
        ('["d", "e", "f"]', '["d"]', "L2.modes.uncached.hints must have"),
        ('means = "It came from the database."\n', "", "L2.modes.uncached.means is missing"),
        ('try = "Compare the keys."\n', "", "L2.modes.uncached.try is missing"),
        ('try = "Clear it."\n', "", "shared.writes.modes.list.try is missing"),
        ('try = "Clear the list."\n', "", "I1.try is missing"),
        ('passes_when = "a warm GET is a hit"\n', "", "L2.passes_when is missing"),
        ('shares = "writes"', 'shares = "reads"', "I1.shares names 'reads'"),
        ('title = "A POST shows"', 'title = "A POST shows"\npoints = 2', "I1.points is not a key"),
        ("\n[shared.writes]", "colour = 1\n[shared.writes]", "colour must be a table"),
        ("[I1]", "[L2]", "cannot be read"),
    ],
)
def test_a_mistake_in_the_checks_is_named_too(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in CHECKS
    write(tmp_path, checks=CHECKS.replace(old, new, 1))
    with pytest.raises(GraderError) as caught:
        load.load_folder(tmp_path, 4)
    assert words in caught.value.sentence
    assert "checks.toml" in caught.value.sentence


def test_a_later_activity_says_only_what_is_different_there(tmp_path: Path) -> None:
    write(tmp_path)
    again = '[L2]\ntier = "stretch"\nhints = ["x", "y", "z"]\n'
    write(tmp_path, number=9, checks=again)
    first, later = load.activities(tmp_path)
    (check,) = later.checks
    assert (check.words, check.passes_when) == (first.checks[0].words, "a warm GET is a hit")
    assert (check.tier, check.points, check.hints_for("uncached")) == (Tier.STRETCH, 1, ("x", "y", "z"))
    for more in ('title = "Other"', '[L2.modes.uncached]\nmeans = "Other"\ntry = "Other"'):
        (tmp_path / "exercises/activity-9/checks.toml").write_text(f"{again}{more}\n", encoding="utf-8")
        with pytest.raises(GraderError, match=r"L2\.(title is not a key|modes must have no words)"):
            load.load_folder(tmp_path, 9, [first])


def test_activities_come_in_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (10, 2, 9):
        write(tmp_path, number=number, checks="")
    (tmp_path / "exercises" / "extensions").mkdir()
    assert [activity.number for activity in load.activities(tmp_path)] == [2, 9, 10]


def test_the_course_itself_is_well_formed() -> None:
    course = load.activities()
    assert [activity.number for activity in course][:5] == [1, 2, 3, 4, 5]
    assert all(activity.checks and activity.tasks for activity in course)
    assert [activity.number for activity in course if activity.theory] == [1]


def test_questions_are_not_in_the_plan_of_a_later_activity(tmp_path: Path) -> None:
    found = course(tmp_path, {"T01": "core"}, {"B3": "core"}, theory="T01")
    assert [check.id for check in plan_for(found[1], found).checks] == ["B3"]


@pytest.mark.parametrize("name", ["activity-4", "4", "Activity 4", " activity_4 "])
def test_an_activity_is_found_by_how_people_write_it(name: str) -> None:
    assert load.by_name(name).number == 4


@pytest.mark.parametrize("name", ["99", "four", "activity-", ""])
def test_an_unknown_activity_is_said_with_those_there_are(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        load.by_name(name)
    assert "activity-4" in caught.value.remedy


BARE = 'title = "T"\nminutes = 1\nobjectives = ["o"]\n'
WORDS = 'title = "t"\nmeans = "m"\ntry = "y"\n'


def course(root: Path, *activities: dict[str, str], theory: str = "") -> tuple[Activity, ...]:
    """Activities from 1 on, each with checks by id and tier. One that an earlier one has gets no words."""
    seen: set[str] = set()
    for number, checks in enumerate(activities, 1):
        text = ""
        for id, tier in checks.items():
            words = "" if id in seen else 'passes_when = "p"\n' + WORDS * (id != theory)
            text += f'[{id}]\ntier = "{tier}"\nhints = ["a", "b", "c"]\n{words}'
            seen.add(id)
        write(root, ("theory = true\n" if theory in checks else "") + BARE, number, text)
    return load.activities(root)


def test_a_plan_has_the_core_of_earlier_activities_unpaid(tmp_path: Path) -> None:
    found = course(
        tmp_path,
        {"B1": "core", "B3": "core", "B4": "advisory"},
        {"F1": "core", "F5": "challenge"},
        {"L2": "core", "F5": "core"},
        {"I1": "core"},
    )
    assert [(c.id, c.points) for c in plan_for(found[0], found).checks] == [("B1", 2), ("B3", 2), ("B4", 0)]
    third = plan_for(found[2], found)
    assert third.activity == "activity-3"
    assert [(c.id, c.tier, c.points) for c in third.checks] == [
        ("B3", Tier.CORE, 0),
        ("F1", Tier.CORE, 0),
        ("L2", Tier.CORE, 2),
        ("F5", Tier.CORE, 2),
    ]
    assert [c.id for c in plan_for(found[3], found).checks] == ["B3", "F1", "L2", "F5", "I1"]
