"""The worked examples in the documents are the code itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUOTED = re.compile(r"<!-- (\S+\.py) -->\n```python\n(.*?)```", re.DOTALL)
EXAMPLES = [
    (document.name, *example)
    for document in sorted((ROOT / "docs").glob("*.md"))
    for example in QUOTED.findall(document.read_text(encoding="utf-8"))
]


def test_there_is_a_worked_check() -> None:
    assert ("architecture.md", "grader/checks/activity_4.py") in [example[:2] for example in EXAMPLES]


@pytest.mark.parametrize(("document", "file", "code"), EXAMPLES)
def test_an_example_is_the_code_itself(document: str, file: str, code: str) -> None:
    assert code.strip() in (ROOT / file).read_text(encoding="utf-8"), f"{document} quotes an older {file}"


def test_every_fixture_is_documented() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    fixtures = (ROOT / "grader/fixtures.py").read_text(encoding="utf-8")
    named = re.findall(r"@pytest\.fixture\ndef (\w+)\(", fixtures)
    assert [name for name in named if name != "host" and f"`{name}`" not in text] == []
