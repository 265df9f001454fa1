"""Files and projects as learners really have them: edited without loss, or left with a reason."""

from __future__ import annotations

import ast
import codecs

import pytest

from tests.workshop.scaffold.bench import CACHES, LIST, SETTINGS, VIEWS, Bench
from workshop.scaffold.edits import AddDefinition, AppendEntry, CreateFile, Decorate, SetName
from workshop.scaffold.plan import EditState

ADD_LIST = AddDefinition("users/views.py", "list", "list.py", into="UserViewSet")
ADD_KEY = AddDefinition("users/views.py", "get_cache_key", "key.py")
SET_CACHES = SetName("{settings}", "CACHES", "caches.py", after="DATABASES")
EDITS = (ADD_LIST, ADD_KEY, SET_CACHES, AppendEntry("{settings}", "INSTALLED_APPS", '"caching"'))


def raw(bench: Bench, file: str) -> bytes:
    return (bench.project / file).read_bytes()


def lines_are_kept(before: bytes, after: bytes) -> bool:
    """Whether every line of `before` is still there, in order, byte for byte."""
    rest = iter(after.split(b"\n"))
    return all(line in rest for line in before.split(b"\n") if line.strip())


def test_crlf(bench: Bench) -> None:
    for file, text in (("users/views.py", VIEWS), ("safeboda/settings.py", SETTINGS)):
        bench.write(file, text.replace("\n", "\r\n").encode())
    bench.apply(*EDITS)
    for file, text in (("users/views.py", VIEWS), ("safeboda/settings.py", SETTINGS)):
        assert raw(bench, file).count(b"\n") == raw(bench, file).count(b"\r\n") > text.count("\n")
        assert lines_are_kept(text.replace("\n", "\r\n").encode(), raw(bench, file))


def test_a_byte_order_mark(bench: Bench) -> None:
    bench.write("users/views.py", codecs.BOM_UTF8 + VIEWS.encode())
    bench.apply(ADD_LIST)
    assert raw(bench, "users/views.py").startswith(codecs.BOM_UTF8 + b"from rest")
    assert raw(bench, "users/views.py").count(codecs.BOM_UTF8) == 1


def test_tabs(bench: Bench) -> None:
    bench.write("users/views.py", VIEWS.replace("    ", "\t"))
    bench.apply(ADD_LIST)
    added = bench.read("users/views.py").removeprefix(VIEWS.replace("    ", "\t")[:80])
    assert "\n\tdef list(" in added
    assert "\n\t\t\treturn Response(\n\t\t\t\tdata,\n\t\t\t)\n" in added


def test_two_spaces(bench: Bench) -> None:
    bench.write("users/views.py", VIEWS.replace("    ", "  "))
    bench.apply(ADD_LIST)
    assert "\n      return Response(\n        data,\n      )\n" in bench.read("users/views.py")


@pytest.mark.parametrize("end", ["", "\n\n\n", "\n# the end", "\n    # inside", "  # behind", "\n\n\nx = 1"])
def test_any_end_of_the_file(bench: Bench, end: str) -> None:
    text = VIEWS.rstrip("\n") + end
    bench.write("users/views.py", text)
    bench.apply(ADD_LIST)
    assert lines_are_kept(text.encode(), raw(bench, "users/views.py"))
    assert raw(bench, "users/views.py").endswith(b"\n") == text.endswith("\n")


def test_latin_1(bench: Bench) -> None:
    text = "# -*- coding: latin-1 -*-\nNAME = 'caf\xe9'\n".encode("latin-1")
    bench.write("safeboda/settings.py", text)
    bench.apply(SET_CACHES)
    assert raw(bench, "safeboda/settings.py") == text + b"\n" + CACHES.encode()


def test_what_the_files_encoding_cannot_say_is_left(bench: Bench) -> None:
    bench.write("safeboda/settings.py", b"# coding: latin-1\nX = '\xe9'\n")
    bench.fragment("caches.py", "CACHES = {'\u2192': '___'}\n")
    assert "does not fit" in bench.by_hand(SET_CACHES)


def test_odd_folder_names(bench: Bench) -> None:
    odd = "Users und R\u00e4der/views.py"
    (bench.project / "users/views.py").unlink()
    bench.write(odd, VIEWS)
    planned = bench.plan(ADD_LIST)
    assert [change.path for change in planned.changes] == [odd]


def test_a_symlink_in_the_project_stays_and_its_target_is_edited(bench: Bench) -> None:
    target = bench.write("shared/views.py", VIEWS)
    link = bench.project / "users/views.py"
    link.unlink()
    link.symlink_to(target)
    planned = bench.plan(ADD_LIST)
    assert [change.path for change in planned.changes] == ["shared/views.py"]


def test_a_symlink_out_of_the_project_is_left(bench: Bench) -> None:
    outside = bench.project.parent / "outside.py"
    outside.write_text(VIEWS)
    link = bench.project / "users/views.py"
    link.unlink()
    link.symlink_to(outside)
    assert "outside of the project" in bench.by_hand(ADD_LIST)
    link.unlink()
    link.symlink_to(bench.project / "nowhere.py")
    assert "leads nowhere" in bench.by_hand(ADD_KEY)
    assert "leads nowhere" in bench.by_hand(CreateFile("users/views.py", "key.py"), replace=True)


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CACHES = {}\nCACHES = {1: 2}\n", "more than once"),
        ("CACHES = {}\nCACHES['default'] = {}\n", "more than once"),
        ("if DEBUG:\n    CACHES = {}\n", "inside another statement"),
        ("if DEBUG:\n    CACHES = {}\nelse:\n    CACHES = {1: 2}\n", "more than once"),
        ("try:\n    CACHES = env.caches()\nexcept KeyError:\n    pass\n", "inside another statement"),
        ("from .base import *\n", "star import"),
        ("CACHES = {}\nfrom .local import *\n", "star import"),
        ("try:\n    from .local import *\nexcept ImportError:\n    pass\n", "star import"),
        ("from .caches import CACHES\n", "imported"),
        ("CACHES = OTHER = {}\n", "inside another statement"),
        ("CACHES, X = {}, 1\n", "inside another statement"),
        ("CACHES = {}; X = 1\n", "no plain assignment"),
        ("def CACHES(): pass\n", "no plain assignment"),
        ("def f():\n    global CACHES\n    CACHES = {}\n", "global"),
        ("CACHES = (\n", "syntax error"),
        ("X = 1\n\x0cdef f():\n    return 1\n", "unusual characters"),
    ],
)
def test_a_setting_that_is_not_clear_is_left(bench: Bench, text: str, reason: str, replace: bool) -> None:
    bench.write("safeboda/settings.py", text)
    assert reason in bench.by_hand(SET_CACHES, replace=replace)


def test_a_file_that_is_no_text_is_left(bench: Bench) -> None:
    bench.write("safeboda/settings.py", b"X = '\xe9'\n")
    assert "safeboda/settings.py" in bench.by_hand(SET_CACHES)
    bench.write("safeboda/settings.py", b"X = 1\0\n")
    assert "safeboda/settings.py" in bench.by_hand(SET_CACHES)


@pytest.mark.parametrize(
    ("views", "reason"),
    [
        ("@api_view\ndef users(request):\n    return 1\n", "no class UserViewSet"),
        (f"{VIEWS}\n\nclass UserViewSet(Other):\n    x = 1\n", "more than once"),
        ("if X:\n    class UserViewSet:\n        pass\n", "no class UserViewSet"),
        ("class UserViewSet(Base): pass\n", "on one line"),
        (f"{VIEWS}    list = other\n", "no function or class"),
        (f"{VIEWS}    def list(self): pass\n    list = timed(list)\n", "more than once"),
        (f"{VIEWS}    if X:\n        def list(self): pass\n", "inside another statement"),
        ("class UserViewSet(:\n    pass\n", "syntax error"),
    ],
)
def test_a_class_that_is_not_clear_is_left(bench: Bench, views: str, reason: str) -> None:
    bench.write("users/views.py", views)
    assert reason in bench.by_hand(ADD_LIST, replace=True)


def test_by_hand_shows_the_fragment_and_where_it_goes(bench: Bench) -> None:
    (bench.project / "users/views.py").unlink()
    outcome = bench.one(ADD_LIST)
    assert outcome.state is EditState.BY_HAND
    assert outcome.fragment == LIST
    assert "does the work of UserViewSet" in outcome.place


def test_views_in_another_module_are_found_with_what_belongs_to_them(bench: Bench) -> None:
    """The helper goes to the class that uses it, although the file named for both exists too."""
    bench.write("users/views.py", "from .api import UserViewSet\n")
    bench.write("users/api/users.py", VIEWS)
    planned = bench.plan(ADD_KEY, ADD_LIST)
    assert planned.by_hand == ()
    assert [change.path for change in planned.changes] == ["users/api/users.py"]


def test_an_app_in_a_folder_is_found(bench: Bench) -> None:
    (bench.project / "users/views.py").unlink()
    bench.write("apps/users/views.py", VIEWS)
    bench.write("apps/users/f.py", "def f(function):\n    return function\n")
    planned = bench.plan(
        ADD_LIST, Decorate("users/views.py", "UserViewSet.list", "f", "from users.f import f")
    )
    assert planned.by_hand == ()
    assert [change.path for change in planned.changes] == ["apps/users/views.py"]
    assert [change.path for change in bench.plan(ADD_KEY).changes] == ["apps/users/views.py"]


def test_a_module_that_is_not_there_is_not_imported(bench: Bench) -> None:
    decorate = Decorate("users/views.py", "UserViewSet.list", "timed", "from users.clock import timed")
    planned = bench.plan(ADD_LIST, decorate)
    assert [outcome.reason for outcome in planned.by_hand] == ["There is no users/clock.py in this project."]
    bench.write("users/clock/__init__.py", "def timed(function):\n    return function\n")
    assert bench.plan(ADD_LIST, decorate).by_hand == ()


@pytest.mark.parametrize("line", ["from .models import User", "from apps.users.models import User"])
def test_an_app_in_a_folder_is_known_by_two_names(bench: Bench, line: str) -> None:
    (bench.project / "users/views.py").unlink()
    bench.write("apps/users/views.py", VIEWS.replace("from .models import User", line))
    bench.fragment("f.py", "from users.models import User\n\n\ndef f():\n    return User\n")
    bench.apply(AddDefinition("users/views.py", "f", "f.py"))
    assert "from users.models" not in bench.read("apps/users/views.py")


def test_a_module_of_the_learners_with_a_likely_name_is_another(bench: Bench) -> None:
    bench.write("users/views.py", f"from core.cache import cache\n{VIEWS}")
    assert "the name cache already means something else" in bench.by_hand(ADD_LIST)


def test_two_classes_of_one_name_are_not_chosen_from(bench: Bench) -> None:
    (bench.project / "users/views.py").unlink()
    bench.write("a/views.py", VIEWS)
    bench.write("b/views.py", VIEWS)
    assert "a/views.py and in b/views.py" in bench.by_hand(ADD_LIST)
    assert "no users/views.py" in bench.by_hand(ADD_KEY)


@pytest.mark.parametrize("folder", [".venv/lib", "users/migrations", "node_modules", ".workshop/versions"])
def test_copies_in_other_folders_do_not_count(bench: Bench, folder: str) -> None:
    (bench.project / "users/views.py").unlink()
    bench.write(f"{folder}/views.py", VIEWS)
    assert "no class UserViewSet" in bench.by_hand(ADD_LIST)


def test_settings_that_were_not_found(bench: Bench) -> None:
    assert "the other file" in bench.by_hand(SetName("{other}", "CACHES", "caches.py"))


def test_a_comment_at_the_top_stays_at_the_top(bench: Bench) -> None:
    bench.write("safeboda/settings.py", "#!/usr/bin/env python\n# licence\n\nfrom x import *\n")
    bench.write("users/views.py", "#!/usr/bin/env python\n# licence\nclass UserViewSet:\n    x = 1\n")
    bench.apply(ADD_LIST, ADD_KEY)
    assert bench.read("users/views.py").startswith("#!/usr/bin/env python\n# licence\n")
    ast.parse(bench.read("users/views.py"))


def test_an_app_by_another_name_gets_its_new_files_and_their_imports(bench: Bench) -> None:
    (bench.project / "users").rename(bench.project / "people")
    bench.write("people/apps.py", "class UsersConfig:\n    name = 'people'\n")
    ready = "class UsersConfig:\n    def ready(self):\n        import users.signals  # noqa: F401\n"
    bench.fragment("ready.py", ready)
    bench.fragment("signals.py", "from users.models import User\n")
    bench.apply(
        CreateFile("users/signals.py", "signals.py"),
        AddDefinition("users/apps.py", "ready", "ready.py", into="UsersConfig"),
    )
    assert bench.read("people/signals.py") == "from .models import User\n"
    assert "        from . import signals  # noqa: F401\n" in bench.read("people/apps.py")


def test_a_class_of_another_name_is_pointed_out(bench: Bench) -> None:
    bench.write("users/views.py", VIEWS.replace("UserViewSet", "PeopleViewSet"))
    assert "but there is PeopleViewSet (users/views.py)." in bench.by_hand(ADD_LIST)
