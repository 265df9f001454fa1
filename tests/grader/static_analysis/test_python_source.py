"""What is found in a learner's source."""

from __future__ import annotations

from pathlib import Path

from grader.static_analysis.python_source import function_at_top


def test_a_function_at_the_top_of_a_module_has_a_dotted_path(tmp_path: Path) -> None:
    for name, text in {
        "tagging.py": "def tag(key): ...\n",
        "users/tests.py": "class A:\n    def tag(self): ...\n",
        "users/tagging/__init__.py": "def tag(key): ...\n",
        "users/views.py": "def view():\n    def tag(): ...\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert function_at_top(tmp_path, "tag") == "users.tagging.tag"
    assert function_at_top(tmp_path, "untag") == ""
