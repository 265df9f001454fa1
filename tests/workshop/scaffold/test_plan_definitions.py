"""set name, add definition, decorate on ordinary files."""

from __future__ import annotations

import pytest

from grader.errors import GraderError
from tests.workshop.scaffold.bench import CACHES, LIST, VIEWS, Bench
from workshop.scaffold.edits import AddDefinition, CreateFile, Decorate, SetName
from workshop.scaffold.plan import EditState, plan

ADD_LIST = AddDefinition("users/views.py", "list", "list.py", into="UserViewSet")
ADD_KEY = AddDefinition("users/views.py", "get_cache_key", "key.py")
SET_CACHES = SetName("{settings}", "CACHES", "caches.py", after="DATABASES")
TIME_IT = Decorate("users/views.py", "UserViewSet.list", "timed('list')", "from users.timing import timed")


def test_set_name_after_another(bench: Bench) -> None:
    bench.apply(SET_CACHES)
    lines = bench.read("safeboda/settings.py").split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("DATABASES"))
    assert "\n".join(lines[at + 1 : at + 10]) == f'\n{CACHES}\nSTATIC_URL = "static/"'


def test_set_name_at_the_end_below_comments(bench: Bench) -> None:
    bench.write("safeboda/settings.py", "A = 1\n# the end\n")
    bench.apply(SET_CACHES)
    assert bench.read("safeboda/settings.py") == f"A = 1\n# the end\n\n{CACHES}"


@pytest.mark.parametrize("own", ["CACHES = {}", "CACHES: dict = {'a': 1}  # mine"])
def test_an_own_binding_is_kept_or_replaced(bench: Bench, own: str) -> None:
    bench.write("safeboda/settings.py", f"A = 1\n# my comment\n{own}\nB = 2\n")
    outcome = bench.one(SET_CACHES)
    assert outcome.state is EditState.BY_HAND
    assert "your own CACHES" in outcome.reason
    assert outcome.fragment == CACHES
    assert f"-{own}" in outcome.diff
    assert '+        "LOCATION": "___",  # fill this' in outcome.diff
    bench.apply(SET_CACHES, replace=True)
    body = CACHES.partition("\n")[2]
    assert bench.read("safeboda/settings.py") == f"A = 1\n# my comment\n{body}B = 2\n"


def test_a_template_that_is_filled_in_is_present(bench: Bench) -> None:
    bench.apply(SET_CACHES, ADD_LIST)
    for file, old, new in (
        ("safeboda/settings.py", '"___"', 'env("REDIS_URL")'),
        ("users/views.py", "cache.___(___)", 'cache.get("user_list")'),
    ):
        bench.write(file, bench.read(file).replace(old, new))
    assert [o.state for o in bench.plan(SET_CACHES, ADD_LIST).outcomes] == [EditState.PRESENT] * 2
    assert bench.one(SET_CACHES, replace=True).state is EditState.WILL_APPLY
    assert bench.one(ADD_LIST, replace=True).state is EditState.WILL_APPLY


def test_add_method_with_its_imports(bench: Bench) -> None:
    bench.apply(ADD_LIST)
    method = LIST.partition("class UserViewSet:\n")[2]
    text = bench.read("users/views.py")
    assert text.startswith(
        "from rest_framework import viewsets\n"
        "from django.core.cache import cache\n"
        "from rest_framework.response import Response\n"
        "\nfrom .models import User\n"
    )
    assert text.endswith(f"    serializer_class = UserSerializer\n\n{method}")


def test_add_method_before_what_follows_the_class(bench: Bench) -> None:
    bench.write("users/views.py", VIEWS + "    # the end of the class\n\n\nx = 1\n")
    bench.apply(ADD_LIST)
    text = bench.read("users/views.py")
    assert "    # the end of the class\n\n    # Step 1: the key\n    def list" in text
    assert text.endswith("**kwargs)\n\n\nx = 1\n")


def test_an_own_method_is_kept_or_replaced(bench: Bench) -> None:
    own = "\n    # mine\n    @action\n    def list(self, request):\n        return 1\n\n    y = 2\n"
    bench.write("users/views.py", VIEWS + own)
    outcome = bench.one(ADD_LIST)
    assert outcome.state is EditState.BY_HAND
    assert "--replace" in outcome.place
    assert "-        return 1" in outcome.diff
    bench.apply(ADD_LIST, replace=True)
    text = bench.read("users/views.py")
    assert "    # mine\n    def list(self, request, *args, **kwargs):\n" in text
    assert text.endswith("**kwargs)\n\n    y = 2\n")


def test_add_function_before_the_first_definition(bench: Bench) -> None:
    bench.apply(ADD_KEY)
    text = bench.read("users/views.py")
    assert "import UserSerializer\n\n\ndef get_cache_key" in text
    assert "    return prefix\n\n\nclass UserViewSet" in text


def test_add_function_below_what_it_needs(bench: Bench) -> None:
    bench.write("users/views.py", VIEWS + "\n\ndef timed(f):\n    return f\n\n\nlast = 1\n")
    bench.fragment("stats.py", "@timed\ndef stats(request):\n    return 1\n")
    bench.apply(AddDefinition("users/views.py", "stats", "stats.py"))
    assert bench.read("users/views.py").endswith(
        "    return f\n\n\n@timed\ndef stats(request):\n    return 1\n\n\nlast = 1\n"
    )


def test_add_class_at_the_end(bench: Bench) -> None:
    bench.fragment(
        "more.py", "from .models import User, Rider\n\n\nclass More(UserViewSet):\n    x = Rider\n"
    )
    bench.apply(AddDefinition("users/views.py", "More", "more.py"))
    text = bench.read("users/views.py")
    assert text.endswith("\n\n\nclass More(UserViewSet):\n    x = Rider\n")
    assert text.count("import User\n") == 1
    assert "from .models import Rider\n" in text


def test_an_import_by_its_full_name_is_the_relative_one(bench: Bench) -> None:
    bench.fragment("f.py", "from users.models import User\n\n\ndef f():\n    return User\n")
    bench.apply(AddDefinition("users/views.py", "f", "f.py"))
    assert "users.models" not in bench.read("users/views.py")


@pytest.mark.parametrize(
    "line",
    [
        "cache = {}",
        "from other import cache",
        "def cache(): pass",
        "try:\n    from django.core.cache import cache\nexcept ImportError:\n    cache = None",
        "if TYPE_CHECKING:\n    from django.core.cache import cache",
    ],
)
def test_an_imported_name_that_means_something_else(bench: Bench, line: str) -> None:
    bench.write("users/views.py", f"{line}\n{VIEWS}")
    assert "the name cache already means something else" in bench.by_hand(ADD_LIST)


def test_decorate(bench: Bench) -> None:
    bench.apply(ADD_LIST)
    bench.apply(TIME_IT)
    text = bench.read("users/views.py")
    assert "    # Step 1: the key\n    @timed('list')\n    def list(" in text
    assert "from users.timing import timed\n" in text
    assert (
        bench.one(Decorate("users/views.py", "UserViewSet.list", 'timed( "list" )')).state
        is EditState.PRESENT
    )
    other = Decorate("users/views.py", "UserViewSet.list", "timed('other')")
    assert "decorated with timed('list')" in bench.by_hand(other)
    bench.apply(other, replace=True)
    assert "    @timed('other')\n    def list(" in bench.read("users/views.py")


def test_decorate_needs_its_target_and_its_decorator(bench: Bench) -> None:
    assert "no function UserViewSet.list" in bench.by_hand(TIME_IT)
    bench.apply(ADD_LIST)
    assert "timed" in bench.by_hand(Decorate("users/views.py", "UserViewSet.list", "timed(1)"))
    bench.write("users/views.py", bench.read("users/views.py") + "\n\ndef timed(x):\n    return x\n")
    assert "above" in bench.by_hand(Decorate("users/views.py", "UserViewSet.list", "timed(1)"))


def test_a_function_is_decorated_too(bench: Bench) -> None:
    bench.write("users/views.py", "def users(request):\n    return 1\n")
    bench.apply(Decorate("users/views.py", "users", "timed", "from users.timing import timed"))
    assert bench.read("users/views.py") == (
        "from users.timing import timed\n\n@timed\ndef users(request):\n    return 1\n"
    )


def test_several_edits_to_a_file_are_one_change(bench: Bench) -> None:
    planned = bench.plan(ADD_LIST, ADD_KEY, TIME_IT)
    (change,) = planned.changes
    assert change.before == VIEWS.encode()
    assert change.after is not None
    assert change.after.count(b"@timed('list')") == 1
    assert change.diff().startswith("--- a/users/views.py\n+++ b/users/views.py\n@@")


def test_planning_writes_nothing(bench: Bench) -> None:
    bench.plan(ADD_LIST, SET_CACHES, CreateFile("users/new.py", "key.py"))
    assert bench.read("users/views.py") == VIEWS
    assert not (bench.project / "users/new.py").exists()


def test_fragments_are_looked_for_in_order(bench: Bench) -> None:
    first = bench.fragments / "reference"
    first.mkdir()
    (first / "caches.py").write_text("CACHES = {1: 1}\n")
    planned = plan(
        [SET_CACHES, ADD_KEY],
        project=bench.project,
        fragments=[first, bench.fragments],
        roles={"settings": "safeboda/settings.py"},
    )
    assert planned.by_hand == ()
    assert b"CACHES = {1: 1}\n" in (planned.changes[0].after or b"")


@pytest.mark.parametrize(
    "edit",
    [
        SetName("{settings}", "CACHES", "missing.py"),
        SetName("{settings}", "OTHER", "caches.py"),
        AddDefinition("users/views.py", "other", "list.py", into="UserViewSet"),
        AddDefinition("users/views.py", "other", "key.py"),
    ],
)
def test_a_fault_of_the_course_is_ours(bench: Bench, edit: SetName | AddDefinition) -> None:
    with pytest.raises(GraderError):
        bench.plan(edit)


def test_what_is_only_wanted_where_it_is_missing_is_never_replaced(bench: Bench) -> None:
    bench.fragment("read.py", "class UserViewSet:\n    def retrieve(self, request):\n        return 1\n")
    retrieve = AddDefinition("users/views.py", "retrieve", "read.py", into="UserViewSet", if_missing=True)
    bench.write("users/views.py", "class UserViewSet:\n    retrieve = timed(other)\n")
    for replace in (False, True):
        assert bench.one(retrieve, replace=replace).state is EditState.PRESENT
    bench.write("users/views.py", "class UserViewSet:\n    x = 1\n")
    bench.apply(retrieve)
    assert "        return 1\n" in bench.read("users/views.py")


def test_what_was_left_as_it_is_is_not_decorated_either(bench: Bench) -> None:
    bench.fragment("read.py", "class UserViewSet:\n    def retrieve(self, request):\n        return 1\n")
    retrieve = AddDefinition("users/views.py", "retrieve", "read.py", into="UserViewSet", if_missing=True)
    timed = Decorate(
        "users/views.py", "UserViewSet.retrieve", "timed('one')", "from users.timing import timed"
    )
    bench.write("users/views.py", "class UserViewSet:\n    def retrieve(self, request):\n        return 2\n")
    assert {outcome.state for outcome in bench.plan(retrieve, timed).outcomes} == {EditState.PRESENT}
    bench.write("users/views.py", "class UserViewSet:\n    x = 1\n")
    bench.write("users/timing.py", "def timed(name): ...\n")
    bench.apply(retrieve, timed)
    assert "    @timed('one')\n    def retrieve(" in bench.read("users/views.py")
