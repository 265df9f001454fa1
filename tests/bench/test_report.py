"""The report tells what was measured, and the plain tests are of the same names as the checks."""

from __future__ import annotations

import ast
from pathlib import Path

from bench.clock import Took, group
from bench.contest import NAME, PLAIN, plan
from bench.report import text


def test_the_plain_tests_are_the_checks_by_name() -> None:
    tree = ast.parse(Path(PLAIN / "test_activity_4.py").read_text())
    named = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    ids = {f"test_{planned.id.lower()}" for planned in plan().checks}
    assert {name for name in named if name.startswith("test_")} == ids


def test_what_is_promised_is_held_against_what_was_measured() -> None:
    taken = {
        NAME.check: [Took(100, 90), Took(300, 90), Took(110, 90)],
        NAME.pytest: [Took(400, 380)],
        NAME.warm: [Took(121, 180)],
        NAME.changed: [Took(176, None)],
    }
    report = text(taken)
    assert "| manage.py check | 110 | 100 to 300 | 1.00 | 90 | 1.00 |" in report
    assert "| all verdicts again, on the screen | manage.py check | 1.2 | 1.10 | kept |" in report
    assert "| all verdicts after a save, on the screen | manage.py check | 1.5 | 1.60 | missed |" in report
    assert "3.3 times as fast as the pytest process, and takes 0.47 times its processor time" in report


def test_a_group_counts_and_goes() -> None:
    with group("test") as made:
        if made:
            assert made.cpu() >= 0.0
            folder = made._folder
            assert folder.exists()
    if made:
        assert not folder.exists()
