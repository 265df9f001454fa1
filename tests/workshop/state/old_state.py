"""Projects as an older workshop left them: see fixtures/."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"


def lay_out(name: str, project: Path) -> Path:
    """Bring the files and the state of the fixture `name` into a bare starter; returns the state file.

    The .json file holds the text of every file that differs from the starter, with the versions that the
    journal kept. The .sql file is a dump of the state file.
    """
    for path, text in json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8")).items():
        file = project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    state = project / ".workshop" / "state.db"
    with closing(sqlite3.connect(state)) as connection:
        connection.executescript((FIXTURES / f"{name}.sql").read_text(encoding="utf-8"))
    return state
