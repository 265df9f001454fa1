from __future__ import annotations

from pathlib import Path

import pytest

from tests.workshop.scaffold.bench import CACHES, KEY, LIST, SETTINGS, VIEWS, Bench


def make_bench(folder: Path) -> Bench:
    bench = Bench(folder / "project", folder / "fragments")
    bench.fragments.mkdir(parents=True)
    bench.write("safeboda/settings.py", SETTINGS)
    bench.write("users/views.py", VIEWS)
    bench.write("users/timing.py", "def timed(name):\n    return lambda function: function\n")
    bench.write("manage.py", "")
    bench.fragment("caches.py", CACHES)
    bench.fragment("list.py", LIST)
    bench.fragment("key.py", KEY)
    return bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return make_bench(tmp_path)
