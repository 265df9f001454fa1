"""The time of a pattern grows with its text, also for the worst text: a longer one would take minutes."""

from __future__ import annotations

import ast
import resource
import sys
from collections.abc import Callable

import pytest

from grader.checks.activity_6_load import _durations
from grader.checks.activity_8_cluster import _prefix
from grader.experiments.load_test import ScriptRun
from grader.experiments.timings import read
from grader.static_analysis.passwords import passwords
from grader.static_analysis.requirements import names_in_lines
from grader.static_analysis.tracked_files import is_private
from workshop.screens.clean import clean, clean_line

LONG = 128_000
SECONDS = 3.0
"""Of processor time; a pattern of quadratic time takes minutes for any of these."""

READERS: dict[str, Callable[[str], object]] = {
    "durations": _durations,
    "timings": lambda text: ScriptRun(0, text, ()).timings,
    "log line": read,
    "prefix": _prefix,
    "passwords": lambda text: list(passwords(ast.Module([ast.Expr(ast.Constant(text, lineno=1))], []))),
    "requirements": lambda text: list(names_in_lines(text)),
    "private file": is_private,
    "clean": clean,
    "clean line": clean_line,
}
WORST = {
    "letters": "a" * LONG,
    "digits": "1" * LONG,
    "hexadecimal": "a-" * (LONG // 2) + "g",
    "numbers": "1 " * (LONG // 2) + "!",
    "spaces": "1" + " " * LONG + "x",
    "points": "1." * (LONG // 2),
    "exponents": "1e" * (LONG // 2),
    "schemes": "a://:" * (LONG // 5),
    "folders": "/passwords" * (LONG // 10) + ".txt",
    "comments": " #" * (LONG // 2),
    "dashes": " -" * (LONG // 2),
    "eggs": "#egg=" * (LONG // 5),
    "brackets": "a[" * (LONG // 2),
    "backslashes": "\\" * LONG,
    "escapes": "\x1b[" * (LONG // 2),
}


@pytest.mark.skipif(sys.platform == "win32", reason="processor time is measured by a system of its own")
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", WORST)
def test_the_worst_text_takes_no_longer_than_any_other(reader: str, text: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    READERS[reader](WORST[text])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < SECONDS


def test_an_id_is_hexadecimal_and_has_letters_and_digits() -> None:
    assert read("request 3f2a9c1e took 12 ms").shape == "request @ took # ms"
    assert read("deadbeef-cafe took 12 ms").shape == "deadbeef-cafe took # ms"
    assert read("12345678 took 12 ms").shape == "# took # ms"
