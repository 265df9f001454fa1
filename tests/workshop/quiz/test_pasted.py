"""What counts as a learner's own words, and where in their Markdown an answer is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop.course.load import content_root
from workshop.quiz.found import found_in
from workshop.quiz.load import sheets
from workshop.quiz.pasted import hashes, is_empty, of_the_handout, own, write

HANDOUT = of_the_handout(content_root() / "exercises")
ITEMS = {item.id: item for sheet in sheets() for item in sheet.items}


def test_words_of_the_handout_go_and_others_stay() -> None:
    assert is_empty(own("**What is caching and why is it important?**", HANDOUT))
    assert own("What is caching and why is it important? It keeps copies.", HANDOUT).endswith(
        "It keeps copies."
    )
    mine = "Redis keeps what we computed."
    assert own(mine, HANDOUT) == mine


def test_a_few_words_in_common_are_nobody_s() -> None:
    assert own("benefits of caching", HANDOUT) == "benefits of caching"


def test_the_hashes_are_made_from_the_text_they_are_for(tmp_path: Path) -> None:
    text = tmp_path / "handout.md"
    text.write_text("one two three four five")
    write(text, tmp_path / "hashes")
    assert set((tmp_path / "hashes").read_text().split()) == hashes("One two, three four five!")
    assert len(hashes("one two three four five")) == 2
    assert "one" not in (tmp_path / "hashes").read_text()


def test_an_answer_written_into_a_copy_of_the_handout(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(
        "### **Theory Check**\n1. **What is caching and why is it important?**\n"
        "   - Write a 2-sentence explanation\n     We keep the answer of a query.\n"
        "   - List 3 benefits of caching\n     quick, cheap, calm\n"
        "2. **What are the different types of caching?**\n   - Database query caching\n"
    )
    assert "We keep the answer of a query." in found_in(tmp_path, ITEMS["T01"])
    assert "quick" not in found_in(tmp_path, ITEMS["T01"])
    assert found_in(tmp_path, ITEMS["T02"]) == "quick, cheap, calm"
    assert found_in(tmp_path, ITEMS["T30"]) == ""


def test_the_handout_alone_answers_nothing(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(
        "1. **What is caching and why is it important?**\n   - Write a 2-sentence explanation\n"
        "   - List 3 benefits of caching\n\n2. **What are the different types of caching?**\n"
    )
    assert [found_in(tmp_path, ITEMS[id]) for id in ("T01", "T02")] == ["", ""]


@pytest.mark.parametrize("name", [".venv/x.md", "node_modules/x/README.md", "a/b/c/d.md", "x.txt"])
def test_what_is_not_looked_into(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# What is caching?\nA copy.\n")
    assert found_in(tmp_path, ITEMS["T01"]) == ""


def test_odd_files_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "bytes.md").write_bytes(b"\xff\xfe# What is caching?\n\x00\x80 copies")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "link.md").symlink_to("/etc/passwd")
    (tmp_path / "bom.md").write_bytes("# What is caching?\r\nIt keeps copies.\r\n".encode("utf-8-sig"))
    assert "It keeps copies." in found_in(tmp_path, ITEMS["T01"])
    assert "root" not in found_in(tmp_path, ITEMS["T01"])
