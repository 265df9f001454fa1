"""settings.py becomes a package, and the old name goes on working; or it is said why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.submission import find
from tests.workshop.scaffold.bench import Bench
from tests.workshop.scaffold.conftest import make_bench
from workshop.scaffold.edits import CreateFile, Edit, MoveFile, SetName
from workshop.scaffold.plan import EditPlan, EditState, plan
from workshop.scaffold.roles import roles

MANAGE = 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeboda.settings")\n'


class Learner(Bench):
    """A bench whose roles are those that the workshop would find."""

    def plan(self, *edits: Edit, replace: bool = False) -> EditPlan:
        found = roles(find(self.project), {})
        return plan(edits, project=self.project, fragments=self.fragments, roles=found, replace=replace)


@pytest.fixture
def bench(tmp_path: Path) -> Learner:
    made = make_bench(tmp_path)
    made.write("manage.py", MANAGE)
    made.fragment("x.py", "X = 1\n")
    return Learner(made.project, made.fragments)


LEAVES = MoveFile("{settings}", "{production_package}/base.py", "from .base import *\n")
INIT = "safeboda/settings/__init__.py"


def test_the_old_name_goes_on_working(bench: Bench) -> None:
    bench.apply(LEAVES)
    assert bench.read(INIT) == "from .base import *\n"
    assert "CACHES" not in bench.read(INIT)
    assert not (bench.project / "safeboda/settings.py").exists()
    assert bench.one(LEAVES).state is EditState.PRESENT
    # Whatever comes later finds the settings where they are now.
    assert bench.one(SetName("{settings}", "CACHES", "caches.py")).file == "safeboda/settings/base.py"


def test_an_empty_init_beside_the_settings_is_no_settings(bench: Bench) -> None:
    bench.write(INIT, "# to make it a package\n")
    bench.apply(LEAVES)
    assert bench.read(INIT) == "from .base import *\n"
    assert "INSTALLED_APPS" in bench.read("safeboda/settings/base.py")


def test_a_file_and_a_folder_that_both_say_something(bench: Bench) -> None:
    bench.write(INIT, "DEBUG = True\n")
    assert "Python reads the folder and never the file" in bench.by_hand(LEAVES)


def test_settings_that_are_a_package_already(bench: Bench) -> None:
    old = bench.read("safeboda/settings.py").replace(".parent.parent", ".parent.parent.parent")
    (bench.project / "safeboda/settings.py").unlink()
    bench.write(INIT, old)
    bench.apply(LEAVES)
    assert bench.read("safeboda/settings/base.py") == old
    assert bench.read(INIT) == "from .base import *\n"


@pytest.mark.parametrize(("base", "there"), [("base", True), ("common", False)])
def test_a_base_and_what_manage_py_names_beside_it(bench: Bench, base: str, there: bool) -> None:
    (bench.project / "safeboda/settings.py").unlink()
    bench.write(INIT, "")
    bench.write(f"safeboda/settings/{base}.py", "X = 1\n")
    bench.write("safeboda/settings/dev.py", f"from .{base} import *\nDEBUG = True\n")
    bench.write("manage.py", MANAGE.replace("safeboda.settings", "safeboda.settings.dev"))
    if there:
        assert bench.one(LEAVES).state is EditState.PRESENT
    else:
        assert "package already" in bench.by_hand(LEAVES)


@pytest.mark.parametrize("file", ["safeboda/production.py", "safeboda/settings_production.py"])
def test_production_settings_in_a_place_of_their_own(bench: Bench, file: str) -> None:
    bench.write(file, "from .settings import *\n")
    assert "place of its own" in bench.by_hand(LEAVES)
    assert "place of its own" in bench.by_hand(CreateFile("{production_package}/production.py", "x.py"))


def test_a_folder_is_not_made_beside_a_file_of_its_name(bench: Bench) -> None:
    bench.write("safeboda/settings.py", "HERE = __file__\n")
    assert "would not survive" in bench.by_hand(LEAVES)
    assert "share a name" in bench.by_hand(CreateFile("{production_package}/production.py", "x.py"))
