"""What a check may ask for, by parameter name. A pytest plugin of the judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set

import pytest

from grader.experiments.soft_assertions import SoftAssertions
from grader.plan import PlannedCheck
from grader.result import CachedView, Verdict
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.exploring.admin import Admin
from grader.sandbox.exploring.api import Api, Routes
from grader.sandbox.exploring.capabilities import USUAL_ROWS, Capabilities, discover_capabilities
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.login import log_in
from grader.sandbox.exploring.passengers import Passengers
from grader.sandbox.exploring.production_app import ProductionApp
from grader.sandbox.exploring.route_discovery import discover_routes, discovery_timeline
from grader.sandbox.hosting.hosted_project import HostedProject
from grader.sandbox.observing.database import Database
from grader.sandbox.observing.redis import Redis
from grader.sandbox.observing.timeline import Timeline
from grader.servers.connection_check import ConnectionReport
from grader.spec import CheckFailed, not_applicable
from grader.staging.repository import Repository
from grader.static_analysis.production_settings import find_production
from grader.submission import Submission

PROJECT = pytest.StashKey[HostedProject]()
PLANNED = pytest.StashKey[PlannedCheck]()
AGAIN = pytest.StashKey[Callable[[HostedProject], list[Verdict]]]()
CONNECT = pytest.StashKey[Callable[[str], ConnectionReport]]()
TIMELINE = pytest.StashKey[Timeline]()
CACHED = pytest.StashKey[Set[CachedView]]()
"""The answers that checks before this one have proved to come from a cache."""


@pytest.fixture
def project(request: pytest.FixtureRequest) -> HostedProject:
    """The project in its sandbox, as this run enters it."""
    return request.config.stash[PROJECT]


@pytest.fixture
def submission(project: HostedProject) -> Submission:
    """The project as it was staged, for what must be read and not run."""
    return project.submission


@pytest.fixture
def repository(project: HostedProject) -> Repository:
    """The git repository around the project that was handed in."""
    return project.sandbox.stage.repository


@pytest.fixture
def connect(request: pytest.FixtureRequest) -> Callable[[str], ConnectionReport]:
    """Connects to a Redis of the learner's own machine, from where the judge's caller runs."""
    return request.config.stash[CONNECT]


@pytest.fixture
def options(planned: PlannedCheck) -> Mapping[str, str]:
    """What the learner named in workshop.toml, by key."""
    return planned.options


@pytest.fixture
def production_app(
    project: HostedProject, submission: Submission, options: Mapping[str, str]
) -> ProductionApp | None:
    """The project as on a server, entered by its production settings; None if it has none."""
    found = find_production(submission, options)
    return ProductionApp(project, found) if found else None


@pytest.fixture
def core_again(request: pytest.FixtureRequest) -> Callable[[HostedProject], list[Verdict]]:
    """Runs each check of the core that has passed once more, on another host; the verdicts."""
    return request.config.stash[AGAIN]


@pytest.fixture
def planned(request: pytest.FixtureRequest) -> PlannedCheck:
    """This check as the caller planned it."""
    planned: PlannedCheck = request.node.stash[PLANNED]
    return planned


@pytest.fixture
def environment(
    project: HostedProject, planned: PlannedCheck, request: pytest.FixtureRequest
) -> Iterator[CheckEnvironment]:
    """A fresh process of the project, with an emptied private server and a database of its own."""
    with CheckEnvironment(project, planned.spec.settings) as environment:
        request.node.stash[TIMELINE] = environment.timeline
        yield environment


@pytest.fixture
def routes(project: HostedProject, request: pytest.FixtureRequest) -> Routes:
    """Where the project shows its users. Found with a process of its own, before the check has one."""
    try:
        return discover_routes(project)
    except CheckFailed:
        request.node.stash[TIMELINE] = discovery_timeline(project)
        raise


@pytest.fixture
def database(routes: Routes, environment: CheckEnvironment) -> Iterator[Database]:
    """The judge's handle on this check's database: three users, and no other row of theirs."""
    database = environment.project.database(environment.database_path, routes.visible)
    database.users.remove_all()
    database.users.insert(USUAL_ROWS)
    yield database
    database.close()


@pytest.fixture
def capabilities(project: HostedProject) -> Capabilities:
    """What the answers depend on, found out once. Where it says no, a check needs no process of its own."""
    return project.once("survey", lambda: discover_capabilities(project))


@pytest.fixture
def different_lists(capabilities: Capabilities) -> None:
    """Only for a list with pages, filters or orders."""
    if not capabilities.query_variants:
        not_applicable("the list has no pages, filters or orders")


@pytest.fixture
def different_viewers(capabilities: Capabilities) -> None:
    """Only for a list that not everybody sees alike."""
    if not capabilities.per_viewer:
        not_applicable("everybody sees the same list")


@pytest.fixture
def absolute_links(capabilities: Capabilities) -> None:
    """Only for a list that names the host that was asked."""
    if not capabilities.absolute_links:
        not_applicable("the list has no absolute links")


@pytest.fixture
def hidden_users(capabilities: Capabilities) -> None:
    """Only for a project that shows a user not to everybody."""
    if not capabilities.hidden_users:
        not_applicable("every user may see every other")


@pytest.fixture
def redis(environment: CheckEnvironment) -> Redis:
    """The private server, seen past the proxy."""
    return environment.sandbox.redis


@pytest.fixture
def api(routes: Routes, environment: CheckEnvironment, database: Database) -> Api:
    """Requests to the project, as a user who may make them."""
    headers = log_in(environment.worker) if routes.login else {}
    return Api(environment.worker, environment.timeline, headers)


@pytest.fixture
def users(api: Api, routes: Routes, database: Database) -> Collection:
    """The project's users, wherever it shows them."""
    return Collection(api, routes, database.users)


@pytest.fixture
def passengers(api: Api, environment: CheckEnvironment, database: Database) -> Passengers:
    """The project's passengers, wherever it shows them: three, with a user each."""
    routes = discover_routes(environment.project, "passenger")
    assert database.passengers is not None  # otherwise there is no route
    table = database.passengers.showing(routes.visible)
    table.insert(USUAL_ROWS)
    if routes.login and not discover_routes(environment.project).login:
        api = api.with_headers(log_in(environment.worker))
    return Passengers(api, routes, table, "passenger")


@pytest.fixture
def warm_passengers(passengers: Passengers) -> Passengers:
    """The passengers, with the list and every single one in the cache, if the project caches them."""
    passengers.warm()
    return passengers


@pytest.fixture
def warm(users: Collection, database: Database) -> Collection:
    """The users, with the list and every single user in the cache, if the project caches them."""
    users.warm()
    return users


@pytest.fixture
def cached_collections(users: Collection, request: pytest.FixtureRequest) -> list[Collection]:
    """What the project keeps in its cache, warm: the users; and the passengers, if that was proved."""
    found = [users]
    if CachedView.PASSENGER_LIST in request.config.stash[CACHED]:
        found.append(request.getfixturevalue("passengers"))
    for rows in found:  # all rows are there before the first is cached
        rows.warm()
    return found


@pytest.fixture
def admin(environment: CheckEnvironment, warm: Collection) -> Admin:
    """The admin pages of the users, as a superuser sees them."""
    api = warm.api.with_headers(log_in(environment.worker))
    warm.warm()  # making that superuser may have cleared the cache
    return Admin(api, environment.project.report()["admin"], warm.table, warm.routes.visible)


@pytest.fixture
def admin_pages(
    cached_collections: list[Collection], admin: Admin, environment: CheckEnvironment
) -> list[tuple[Collection, Admin]]:
    """What the project keeps in its cache, warm, each with its admin pages."""
    pages = {"user": "admin", "passenger": "passenger_admin"}
    found = []
    for rows in cached_collections:
        rows.warm()
        seen = Admin(
            admin.api, environment.project.report()[pages[rows.noun]], rows.table, rows.routes.visible
        )
        found.append((rows, seen))
    return found


@pytest.fixture
def soft_assertions(environment: CheckEnvironment) -> SoftAssertions:
    """To play several scenes in one check, all of them even if the first fails."""
    return SoftAssertions(environment.timeline)
