"""A small project and a folder of fragments to try edits on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from workshop.scaffold.edits import Edit
from workshop.scaffold.plan import EditOutcome, EditPlan, EditState, plan

VIEWS = '''\
from rest_framework import viewsets

from .models import User
from .serializers import UserSerializer


class UserViewSet(viewsets.ModelViewSet):
    """Users."""

    queryset = User.objects.all()
    serializer_class = UserSerializer
'''

SETTINGS = '''\
"""Settings."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

INSTALLED_APPS = [
    "django.contrib.auth",
    "users",  # ours
]

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}

STATIC_URL = "static/"
'''

CACHES = """\
# Where the cache lives.
CACHES = {
    "default": {
        "LOCATION": "___",  # fill this
    }
}
"""

LIST = '''\
from django.core.cache import cache
from rest_framework.response import Response


class UserViewSet:
    # Step 1: the key
    def list(self, request, *args, **kwargs):
        """The list.

        From the cache.
        """
        data = cache.___(___)
        if data is not None:
            return Response(
                data,
            )

        return super().list(request, *args, **kwargs)
'''

KEY = """\
def get_cache_key(prefix, identifier=None):
    if identifier:
        return f"{prefix}_{identifier}"
    return prefix
"""


@dataclass(frozen=True)
class Bench:
    """`project` has a settings.py and a users/views.py; `fragments` what the edits bring."""

    project: Path
    fragments: Path

    def write(self, file: str, content: str | bytes) -> Path:
        """Write a file of the project, as it is."""
        path = self.project / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else dedent(content).encode())
        return path

    def fragment(self, name: str, source: str) -> str:
        """Write a fragment and return its name."""
        (self.fragments / name).write_bytes(dedent(source).encode())
        return name

    def read(self, file: str) -> str:
        """The text of a file with its line ends as they are."""
        return (self.project / file).read_bytes().decode()

    def plan(self, *edits: Edit, replace: bool = False) -> EditPlan:
        """Plan the edits."""
        roles = {"settings": "safeboda/settings.py"}
        return plan(edits, project=self.project, fragments=self.fragments, roles=roles, replace=replace)

    def one(self, edit: Edit, *, replace: bool = False) -> EditOutcome:
        """Plan one edit and return its outcome; a plan that leaves it by hand writes nothing."""
        planned = self.plan(edit, replace=replace)
        (outcome,) = planned.outcomes
        assert (planned.changes != ()) == (outcome.state is EditState.WILL_APPLY)
        return outcome

    def by_hand(self, edit: Edit, *, replace: bool = False) -> str:
        """The reason for which the edit is left by hand, and that it says what to do instead."""
        outcome = self.one(edit, replace=replace)
        assert outcome.state is EditState.BY_HAND
        assert outcome.place.endswith(".")
        return outcome.reason

    def apply(self, *edits: Edit, replace: bool = False) -> None:
        """Plan and write the edits; none may be by hand, and a second time must change nothing."""
        planned = self.plan(*edits, replace=replace)
        assert planned.by_hand == ()
        write(self.project, planned)
        again = self.plan(*edits, replace=replace)
        assert again.changes == ()
        assert {outcome.state for outcome in again.outcomes} == {EditState.PRESENT}


def write(project: Path, planned: EditPlan) -> None:
    """Write a plan without a journal."""
    for change in planned.changes:
        path = project / change.path
        if change.after is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(change.after)
