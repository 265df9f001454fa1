"""Projects to judge: the starter with some of its files written anew."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

STARTER = Path(__file__).parents[2] / "safeboda"
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.sqlite3", ".workshop", ".venv")


@dataclass(frozen=True, slots=True)
class Variant:
    """What differs from the starter.

    `views` is the whole of users/views.py, `settings` stands below the starter's own settings, `early`
    above them, `requires` are further lines of requirements.txt. `files` are further files by path, None
    for one that is taken away.
    """

    views: str = ""
    settings: str = ""
    early: str = ""
    requires: tuple[str, ...] = ()
    files: Mapping[str, str | None] = field(default_factory=dict)

    def write(self, to: Path) -> Path:
        """Write the project to the new folder `to`; that folder."""
        shutil.copytree(STARTER, to, ignore=_LEFT_OUT)
        if self.views:
            (to / "users/views.py").write_text(self.views)
        settings = to / "safeboda/settings.py"
        settings.write_text(self.early + settings.read_text() + self.settings)
        requirements = to / "requirements.txt"
        requirements.write_text("\n".join([requirements.read_text().rstrip(), *self.requires, ""]))
        for name, text in self.files.items():
            path = to / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        return to
