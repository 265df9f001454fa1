"""Activity 2: the environment. Is Redis declared and installed, and does the project answer at all?"""

from __future__ import annotations

from collections.abc import Callable

from grader.result import Fault
from grader.sandbox.errors import SandboxError
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.hosting.ask_interpreter import importable
from grader.sandbox.hosting.hosted_project import HostedProject
from grader.servers.configured_url import configured_url
from grader.servers.connection_check import ConnectionReport
from grader.spec import check, expect, not_applicable
from grader.staging.repository import Repository
from grader.static_analysis.requirements import declared
from grader.static_analysis.tracked_files import private_files
from grader.submission import Submission

CLIENTS = ("django-redis", "redis", "django-valkey", "valkey")
"""The packages through which Django can speak to Redis; each alone brings or is a client."""


@check("B1", about_cache=False, machine_only=True)
def check_your_own_redis_answers(submission: Submission, connect: Callable[[str], ConnectionReport]) -> None:
    if not submission.own:
        not_applicable("it is about the machine of whoever made the project")
    url = configured_url(submission.root, submission.settings_file).url
    found = connect(url)
    if not found.ok:
        raise SandboxError(Fault.ENVIRONMENT, f"{url}: {found.sentence}", try_=found.remedy)
    expect(found.ok, seen=found.sentence)


@check("B2", about_cache=False)
def check_a_redis_client_is_declared_and_installed(submission: Submission, project: HostedProject) -> None:
    named = declared(submission.root) & set(CLIENTS)
    expect(named, seen=f"none of {', '.join(CLIENTS)} is named in your requirements")
    present = importable(project.sandbox.submission, project.sandbox.jail, named)
    if not present:
        missing = ", ".join(sorted(named))
        raise SandboxError(
            Fault.ENVIRONMENT,
            f"{missing} is declared, and {submission.python_origin} does not have it",
            "Your file is right; the package is not installed there yet.",
            "Install it: python -m pip install -r requirements.txt",
        )
    expect(present, seen="no client could be imported")


@check("B3", about_cache=False)
def check_the_project_starts_and_shows_its_users(users: Collection) -> None:
    response = users.list()
    expect(response.status == 200, seen=f"GET {users.routes.list} answered {response.status}")


@check("B4", about_cache=False)
def check_nothing_private_is_in_git(repository: Repository) -> None:
    private = private_files(repository)
    expect(not private, seen=f"git keeps {', '.join(private[:5])}")
