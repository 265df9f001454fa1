"""The worked examples in the documents are the code itself, and no link leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]
QUOTED = re.compile(r"<!-- (\S+\.py) -->\n```python\n(.*?)```", re.DOTALL)
EXAMPLES = [
    (document.name, *example)
    for document in DOCUMENTS
    for example in QUOTED.findall(document.read_text(encoding="utf-8"))
]


def test_there_is_a_worked_check() -> None:
    assert ("writing-checks.md", "grader/checks/activity_4.py") in [example[:2] for example in EXAMPLES]


@pytest.mark.parametrize(("document", "file", "code"), EXAMPLES)
def test_an_example_is_the_code_itself(document: str, file: str, code: str) -> None:
    assert code.strip() in (ROOT / file).read_text(encoding="utf-8"), f"{document} quotes an older {file}"


def test_every_fixture_is_documented() -> None:
    text = (ROOT / "docs/writing-checks.md").read_text(encoding="utf-8")
    fixtures = (ROOT / "grader/fixtures.py").read_text(encoding="utf-8")
    named = re.findall(r"@pytest\.fixture\ndef (\w+)\(", fixtures)
    assert named
    assert [name for name in named if f"`{name}`" not in text] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_path_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []
    named = re.findall(r"`((?:workshop|grader|tests|docs|tools)/[\w./-]+)`", text)
    assert [
        path
        for path in named
        if "_N" not in path and not re.search(r"/v\d$", path) and not (ROOT / path).exists()
    ] == []
