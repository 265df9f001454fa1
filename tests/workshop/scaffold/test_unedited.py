"""A piece that a start wrote and nobody edited is told from what the learner wrote."""

from __future__ import annotations

import pytest

from tests.workshop.scaffold.bench import LIST, VIEWS
from workshop.scaffold.edits import AddDefinition, CreateFile, Decorate, Edit, RequireLine, SetName
from workshop.scaffold.unedited import FileVersions, is_unedited

METHOD = "    def list(self, request):\n        return ___\n"
FUNCTION = "def get_cache_key():\n    return ___\n"
DECORATED = VIEWS + '\n    @cached("___")\n' + METHOD

CASES: dict[str, tuple[Edit, str, str]] = {
    "file": (CreateFile("app.py", "app.py"), "", FUNCTION),
    "name": (SetName("app.py", "TTL", "ttl.py"), "import os\n", "import os\nTTL = ___  # seconds\n"),
    "function": (AddDefinition("app.py", "get_cache_key", "key.py"), VIEWS, VIEWS + "\n\n" + FUNCTION),
    "method": (AddDefinition("app.py", "list", "list.py", into="UserViewSet"), VIEWS, VIEWS + "\n" + METHOD),
    "decorator": (Decorate("app.py", "UserViewSet.list", 'cached("")'), VIEWS + "\n" + METHOD, DECORATED),
}


def unedited(edit: Edit, now: str, *starts: tuple[str | None, str]) -> bool:
    versions = [FileVersions(None if old is None else old.encode(), new.encode()) for old, new in starts]
    return is_unedited(edit, "app.py", now.encode(), {"app.py": versions})


@pytest.mark.parametrize("case", CASES)
def test_what_a_start_wrote_is_unedited_until_it_is_filled(case: str) -> None:
    edit, before, after = CASES[case]
    assert unedited(edit, after, (before or None, after))
    filled = after.replace("___", "300")
    assert not unedited(edit, filled, (before or None, after))
    assert not unedited(
        edit, filled, (before or None, after), (filled, filled + "# more\n" if before else filled)
    )


@pytest.mark.parametrize("case", [case for case in CASES if case != "file"])
def test_a_note_elsewhere_in_the_file_does_not_matter(case: str) -> None:
    edit, before, after = CASES[case]
    assert unedited(edit, "# my note\n" + after, (before, after))


@pytest.mark.parametrize("case", CASES)
def test_what_was_there_before_the_start_is_the_learners(case: str) -> None:
    edit, _, after = CASES[case]
    assert not unedited(edit, after, (after, after))
    assert not is_unedited(edit, "app.py", after.encode(), {})


def test_what_cannot_be_read_is_the_learners() -> None:
    edit, before, after = CASES["method"]
    assert not unedited(edit, after + "  oops(", (before, after))
    assert not unedited(edit, "x = 1\n", (before, after))
    assert not is_unedited(edit, "app.py", None, {"app.py": [FileVersions(None, after.encode())]})
    assert not unedited(RequireLine("app.py", "redis==5.0.1", "redis"), LIST, (None, LIST))
