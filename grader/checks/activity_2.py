"""Activity 2: the environment. Is Redis declared and installed, and does the project answer at all?"""

from __future__ import annotations

from grader.result import Fault
from grader.sandbox.errors import SandboxError
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.hosting.interpreter import importable
from grader.servers import connection_check  # the module: pytest would collect a function check_*
from grader.servers.configured_url import configured_url
from grader.spec import Way, check, expect
from grader.static_analysis.requirements import declared
from grader.static_analysis.tracked_files import is_private, tracked
from grader.submission import Submission

CLIENTS = ("django-redis", "redis", "django-valkey", "valkey")
"""The packages through which Django can speak to Redis; each alone brings or is a client."""


@check(
    "B1",
    title="Your own Redis answers",
    means="The workshop judges on a server of its own, but you will want to see your cache work on yours.",
    try_="Run `workshop redis start`, and `workshop doctor` to see what is at your address.",
)
def check_your_own_redis_answers(submission: Submission) -> None:
    url = configured_url(submission.root, submission.settings_file).url
    found = connection_check.check_connection(url)
    if not found.ok:
        raise SandboxError(Fault.ENVIRONMENT, f"{url}: {found.sentence}", try_=found.remedy)
    expect(found.ok, seen=found.sentence)


@check(
    "B2",
    title="A Redis client is declared and installed",
    means="On another machine `pip install -r requirements.txt` would not bring what your cache needs.",
    try_="Add redis==5.0.1 and django-redis==5.4.0 to requirements.txt, with no #, and install them.",
)
def check_a_redis_client_is_declared_and_installed(submission: Submission) -> None:
    named = declared(submission.root) & set(CLIENTS)
    expect(named, seen=f"none of {', '.join(CLIENTS)} is named in your requirements")
    present = importable(submission.python, named)
    if not present:
        missing = ", ".join(sorted(named))
        raise SandboxError(
            Fault.ENVIRONMENT,
            f"{missing} is declared, and {submission.python_origin} does not have it",
            "Your file is right; the package is not installed there yet.",
            "Install it: python -m pip install -r requirements.txt",
        )
    expect(present, seen="no client could be imported")


@check(
    "B3",
    title="The project starts and shows its users",
    means="Django started, yet the list of users could not be read. Until it can, no cache can be seen.",
    try_="Start your own server with `python manage.py runserver` and open the list of users.",
    ways={
        "no_route": Way(
            "The workshop put users into a database and asked every URL of the project; none showed them.",
            "Check that urls.py routes your user list, and what list() returns when nothing is cached.",
        ),
    },
)
def check_the_project_starts_and_shows_its_users(users: Collection) -> None:
    response = users.list()
    expect(response.status == 200, seen=f"GET {users.routes.list} answered {response.status}")


@check(
    "B4",
    title="Nothing private is in git",
    means="What is once in the history stays there for everybody who can read it.",
    try_="git rm --cached the file, and name it in .gitignore. If it held a password, change the password.",
)
def check_nothing_private_is_in_git(submission: Submission) -> None:
    private = [name for name in tracked(submission.root) if is_private(name)]
    expect(not private, seen=f"git keeps {', '.join(private[:5])}")
