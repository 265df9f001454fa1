"""On any module: untouched lines stay byte-identical, twice changes nothing more, undo gives it back."""

from __future__ import annotations

import codecs
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.workshop.scaffold.bench import Bench, write
from tests.workshop.scaffold.conftest import make_bench
from workshop.scaffold.edits import AddDefinition, AppendEntry, SetName
from workshop.scaffold.journal import Journal
from workshop.scaffold.plan import EditState
from workshop.state.database import open_state

INSERTIONS = (
    AddDefinition("app.py", "list", "list.py", into="UserViewSet"),
    AddDefinition("app.py", "get_cache_key", "key.py"),
    SetName("app.py", "CACHES", "caches.py", after="X1"),
)
EDITS = (*INSERTIONS, AppendEntry("app.py", "INSTALLED_APPS", '"caching"'))

CLASS = """\
class UserViewSet(Base):
    '''Users.
  oddly indented'''

    queryset = 1  # some

    def other(self):
        return [
            1,
        ]
"""
PARTS = [
    "import os\n",
    "from django.core.cache import cache\n",
    "from . import other, \\\n    another\n",
    "# a comment é\n",
    "\n",
    "\n\n\n",
    "X1 = {\n    'a': 1,  # one\n}\n",
    "X2 = 1; X3 = 2\n",
    "if X:\n    Y = 1\nelse:\n    pass\n    # deep\n",
    "def helper(a, b=1):\n    '''Helps.'''\n    return a\n    # the end\n",
    "@decorated\nclass Other:\n    x = 1\n",
    "TEXT = '''\n  many\n\tlines\n'''\n",
    "INSTALLED_APPS = [\n    'a',  # one\n    'b'\n]\n",
    "try:\n    import this\nexcept ImportError:\n    this = None\n",
    "with open(a) as f, open(b): f.read()\n",
    "async def g():\n    async for x in y: yield x\n",
    "x = (yield_ := 5)   \n",
    "from settings import *\n",
    "CACHES = {}\n",
]


@st.composite
def modules(draw: st.DrawFn) -> bytes:
    """A module of ordinary statements, in one of the forms that editors leave behind."""
    parts = draw(st.lists(st.sampled_from(PARTS), max_size=8))
    parts.insert(draw(st.integers(0, len(parts))), CLASS)
    text = "".join(parts).replace("    ", draw(st.sampled_from(["    ", "\t", "  "])))
    text = draw(st.sampled_from([text, text.rstrip("\n")])).replace(
        "\n", draw(st.sampled_from(["\n", "\r\n"]))
    )
    return draw(st.sampled_from([b"", codecs.BOM_UTF8])) + text.encode()


@contextmanager
def a_bench(module: bytes) -> Iterator[Bench]:
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        bench = make_bench(Path(folder))
        (bench.project / "users/views.py").unlink()
        bench.write("app.py", module)
        yield bench


def is_subsequence(before: bytes, after: bytes) -> bool:
    """Whether `after` is `before` with whole lines put in. The last line may have got its line end."""
    mark = codecs.BOM_UTF8
    assert before.startswith(mark) == after.startswith(mark)
    rest = iter(after.removeprefix(mark).split(b"\n"))
    *lines, last = before.removeprefix(mark).split(b"\n")
    return all(line in rest for line in lines) and any(line.rstrip(b"\r") == last for line in rest)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(modules())
def test_untouched_lines_stay_byte_identical(module: bytes) -> None:
    with a_bench(module) as bench:
        planned = bench.plan(*INSERTIONS)
        event(f"{len(planned.by_hand)} of {len(INSERTIONS)} by hand")
        for change in planned.changes:
            assert change.before == module
            assert change.after is not None
            assert is_subsequence(module, change.after)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(modules())
def test_applying_twice_changes_nothing(module: bytes) -> None:
    with a_bench(module) as bench:
        planned = bench.plan(*EDITS, replace=True)
        write(bench.project, planned)
        again = bench.plan(*EDITS, replace=True)
        assert again.changes == ()
        for first, second in zip(planned.outcomes, again.outcomes, strict=True):
            left = first.state is EditState.BY_HAND
            assert second.state is (EditState.BY_HAND if left else EditState.PRESENT)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(modules())
def test_undo_gives_the_original_bytes(module: bytes) -> None:
    with a_bench(module) as bench:
        planned = bench.plan(*EDITS, replace=True)
        if not planned.changes:
            return
        journal = Journal(bench.project, open_state(bench.project))
        journal.apply(planned.changes, "start")
        assert (bench.project / "app.py").read_bytes() == planned.changes[0].after != module
        journal.undo()
        assert (bench.project / "app.py").read_bytes() == module
