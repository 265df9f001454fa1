"""workshop.toml: what the learner names arrives, and a mistake in it is told with its key and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import UsageError
from workshop.course.learner_options import learner_options
from workshop.course.load import activities
from workshop.course.plan import plan_for

ALL = """
statistics_url = "/health/cache?full=1"
load_test = "scripts/load.py"
warm_command = "warm_cache --users"
reconcile_command = "forget_users"
cache_with_tags = "users.cache_tags.cache_with_tags"
invalidate_by_tag = "users.cache_tags.invalidate_by_tag"
production_settings = "config.production"

[production_variables]
SECRET_KEY = "a b"
EMPTY = ""
"""

BAD = {
    "no TOML": ("statistics_url = \n", "line 1"),
    "not UTF-8": ("load_test = '\udcff'", "cannot be read"),
    "deep": ("x = " + "[" * 9000, "cannot be read"),
    "too long": ("#" * 70_000, "too long"),
    "unknown key": ("statistic_url = '/x'", "statistic_url"),
    "a number": ("statistics_url = 4", "statistics_url"),
    "a whole address": ("statistics_url = 'http://127.0.0.1:8000/x'", "statistics_url"),
    "two lines in a path": ('statistics_url = "/x\\nHost: y"', "statistics_url"),
    "outside the project": ("load_test = '../load.py'", "load_test"),
    "from the root": ("load_test = '/tmp/load.py'", "load_test"),
    "a folder": ("load_test = 'tests'", "load_test"),
    "an option as a command": ("warm_command = '--help'", "warm_command"),
    "no module": ("cache_with_tags = 'tag'", "cache_with_tags"),
    "a file as a module": ("production_settings = 'a/b.py'", "production_settings"),
    "no table": ("production_variables = 'x'", "production_variables"),
    "a number in the table": ("[production_variables]\nPORT = 1", "production_variables"),
}


def write(root: Path, text: str) -> Path:
    (root / "workshop.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    return root


def test_without_a_file_nothing_is_named(tmp_path: Path) -> None:
    assert learner_options(tmp_path) == {}


def test_each_name_arrives_and_a_table_with_a_dot(tmp_path: Path) -> None:
    names = learner_options(write(tmp_path, ALL))
    assert names["statistics_url"] == "/health/cache?full=1"
    assert names["warm_command"] == "warm_cache --users"
    assert names["production_variables.SECRET_KEY"] == "a b"
    assert names["production_variables.EMPTY"] == ""
    assert len(names) == 9


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert learner_options(write(tmp_path, "\ufeffload_test = 'load.py'")) == {"load_test": "load.py"}


@pytest.mark.parametrize(("text", "told"), BAD.values(), ids=BAD)
def test_a_mistake_is_told_with_its_key_and_a_remedy(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        learner_options(write(tmp_path, text))
    assert caught.value.sentence.startswith("workshop.toml ")
    assert told in caught.value.sentence
    assert caught.value.remedy


def test_every_check_of_a_plan_is_told(tmp_path: Path) -> None:
    course = activities()
    names = learner_options(write(tmp_path, ALL))
    assert {check.options["load_test"] for check in plan_for(course[-1], course, names).checks} == {
        "scripts/load.py"
    }
    assert not any(check.options for check in plan_for(course[-1], course).checks)
