"""Demo users in the learner's own database, made by the learner's own project."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

from grader.errors import CodeError, MachineError
from workshop.actions.project import Project

SECONDS = 60
PASSWORD = "demo-pass-2024"  # it is printed on the screen: a demo needs a known one

_CODE = """
from django.contrib.auth import get_user_model
User = get_user_model()
names = {field.name for field in User._meta.concrete_fields}
people = [
    ("Aline", "Demo", "passenger"), ("Brian", "Demo", "rider"), ("Chantal", "Demo", "passenger"),
    ("David", "Demo", "rider"), ("Esther", "Demo", "passenger"), ("Frank", "Demo", "passenger"),
]
made = 0
for first, last, kind in people:
    name = f"{first}.{last}".lower()
    facts = {"email": name + "@example.com", "username": name, "first_name": first, "last_name": last,
             "user_type": kind}
    facts = {key: value for key, value in facts.items() if key in names}
    unique = {User.USERNAME_FIELD: facts[User.USERNAME_FIELD]}
    if not User._default_manager.filter(**unique).exists():
        user = User(**facts)
        user.set_password("%s")
        user.save()
        made += 1
print(f"workshop-seed {made} {len(people)} {User.USERNAME_FIELD}")
"""


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many demo users were made now, of how many there are. `login` is one that works."""

    made: int
    total: int
    login: str


def seed(project: Project) -> Seeded:
    """Make the demo users that are not there yet. Doing it twice changes nothing.

    Raises MachineError if the project's Python lacks a package or the tables are not there yet, CodeError
    if the project cannot run.
    """
    python = project.submission.python
    command = [str(python), "manage.py", "shell", "-c", _CODE % PASSWORD]
    try:
        done = subprocess.run(
            command,
            cwd=project.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise CodeError(
            f"Your project did not answer within {SECONDS} seconds.", "Try `python manage.py check`."
        ) from None
    except OSError as error:
        raise MachineError(f"{python} cannot be run: {error.strerror}.", "Try `workshop doctor`.") from error
    if match := re.search(r"^workshop-seed (\d+) (\d+) (\w+)$", done.stdout, re.MULTILINE):
        login = "aline.demo@example.com" if match[3] == "email" else "aline.demo"
        return Seeded(int(match[1]), int(match[2]), login)
    said = done.stderr.strip().splitlines()
    last = said[-1][:300] if said else "it said nothing"
    if "no such table" in last or "does not exist" in last or "no such column" in last:
        raise MachineError("Your database does not have its tables yet.", f"Run: {python} manage.py migrate")
    if "ModuleNotFoundError" in last or "ImportError" in last:
        raise MachineError(
            f"Your project could not start: {last}.", f"Run: {python} -m pip install -r requirements.txt"
        )
    raise CodeError(f"Your project could not make the users: {last}.", f"Try: {python} manage.py check")
