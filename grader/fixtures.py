"""What a check may ask for, by parameter name. A pytest plugin of the judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from grader.plan import PlannedCheck
from grader.production import find_production
from grader.result import Outcome, Verdict
from grader.spec import CheckFailed, not_applicable
from grader.stand.admin import Admin
from grader.stand.api import Api, Routes
from grader.stand.collection import Collection
from grader.stand.database import Database
from grader.stand.host import Host
from grader.stand.login import log_in
from grader.stand.passengers import Passengers
from grader.stand.redis import Redis
from grader.stand.scenes import Scenes
from grader.stand.search import routes_of, story_of
from grader.stand.site import Site
from grader.stand.stand import Stand
from grader.stand.survey import USUAL_ROWS, Survey, survey
from grader.stand.timeline import Timeline
from grader.submission import Submission

HOST = pytest.StashKey[Host]()
PLANNED = pytest.StashKey[PlannedCheck]()
AGAIN = pytest.StashKey[Callable[[Host], list[Verdict]]]()
TIMELINE = pytest.StashKey[Timeline]()
VERDICTS = pytest.StashKey[Mapping[str, Verdict]]()
"""What became of the checks before this one."""


@pytest.fixture
def host(request: pytest.FixtureRequest) -> Host:
    """What hosts the project for this run."""
    return request.config.stash[HOST]


@pytest.fixture
def submission(host: Host) -> Submission:
    """The project as it lies on disk."""
    return host.submission


@pytest.fixture
def options(planned: PlannedCheck) -> Mapping[str, str]:
    """What the learner named in workshop.toml, by key."""
    return planned.options


@pytest.fixture
def site(host: Host, submission: Submission, options: Mapping[str, str]) -> Site | None:
    """The project as on a server, entered by its production settings; None if it has none."""
    found = find_production(submission, options)
    return Site(host, found) if found else None


@pytest.fixture
def core_again(request: pytest.FixtureRequest) -> Callable[[Host], list[Verdict]]:
    """Runs each check of the core that has passed once more, on another host; the verdicts."""
    return request.config.stash[AGAIN]


@pytest.fixture
def planned(request: pytest.FixtureRequest) -> PlannedCheck:
    """This check as the caller planned it."""
    planned: PlannedCheck = request.node.stash[PLANNED]
    return planned


@pytest.fixture
def stand(host: Host, request: pytest.FixtureRequest) -> Iterator[Stand]:
    """A fresh process of the project, with an emptied private server and a database of its own."""
    # What a check varies in the settings is written above it: @pytest.mark.overrides(CACHE_TTL=77).
    varied = request.node.get_closest_marker("overrides")
    with Stand(host, varied.kwargs if varied else None) as stand:
        request.node.stash[TIMELINE] = stand.timeline
        yield stand


@pytest.fixture
def routes(host: Host, request: pytest.FixtureRequest) -> Routes:
    """Where the project shows its users. Found with a process of its own, before the check has one."""
    try:
        return routes_of(host)
    except CheckFailed:
        request.node.stash[TIMELINE] = story_of(host)
        raise


@pytest.fixture
def database(routes: Routes, stand: Stand) -> Iterator[Database]:
    """The judge's handle on this check's database: three users, and no other row of theirs."""
    database = stand.host.database(stand.path, routes.visible)
    database.users.remove_all()
    database.users.insert(USUAL_ROWS)
    yield database
    database.close()


@pytest.fixture
def surveyed(host: Host) -> Survey:
    """What the answers depend on, found out once. Where it says no, a check needs no process of its own."""
    return host.once("survey", lambda: survey(host))


@pytest.fixture
def different_lists(surveyed: Survey) -> None:
    """Only for a list with pages, filters or orders."""
    if not surveyed.questions:
        not_applicable("the list has no pages, filters or orders")


@pytest.fixture
def different_viewers(surveyed: Survey) -> None:
    """Only for a list that not everybody sees alike."""
    if not surveyed.viewers:
        not_applicable("everybody sees the same list")


@pytest.fixture
def absolute_links(surveyed: Survey) -> None:
    """Only for a list that names the host that was asked."""
    if not surveyed.host:
        not_applicable("the list has no absolute links")


@pytest.fixture
def hidden_users(surveyed: Survey) -> None:
    """Only for a project that shows a user not to everybody."""
    if not surveyed.hidden:
        not_applicable("every user may see every other")


@pytest.fixture
def redis(stand: Stand) -> Redis:
    """The private server, seen past the proxy."""
    return stand.host.redis


@pytest.fixture
def api(routes: Routes, stand: Stand, database: Database) -> Api:
    """Requests to the project, as a user who may make them."""
    headers = log_in(stand.child) if routes.login else {}
    return Api(stand.child, stand.timeline, headers)


@pytest.fixture
def users(api: Api, routes: Routes, database: Database) -> Collection:
    """The project's users, wherever it shows them."""
    return Collection(api, routes, database.users)


@pytest.fixture
def passengers(api: Api, stand: Stand, database: Database) -> Passengers:
    """The project's passengers, wherever it shows them: three, with a user each."""
    routes = routes_of(stand.host, "passenger")
    assert database.passengers is not None  # otherwise there is no route
    table = database.passengers.showing(routes.visible)
    table.insert(USUAL_ROWS)
    if routes.login and not routes_of(stand.host).login:
        api = api.with_headers(log_in(stand.child))
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
def kept(users: Collection, request: pytest.FixtureRequest) -> list[Collection]:
    """What the project keeps in its cache, warm: the users; and the passengers, if N2 has shown that."""
    shown = request.config.stash[VERDICTS].get("N2")
    found = [users]
    if shown is not None and shown.outcome is Outcome.PASSED:
        found.append(request.getfixturevalue("passengers"))
    for rows in found:  # all rows are there before the first is cached
        rows.warm()
    return found


@pytest.fixture
def admin(stand: Stand, warm: Collection) -> Admin:
    """The admin pages of the users, as a superuser sees them."""
    api = warm.api.with_headers(log_in(stand.child))
    warm.warm()  # making that superuser may have cleared the cache
    return Admin(api, stand.host.description()["admin"], warm.table, warm.routes.visible)


@pytest.fixture
def admins(kept: list[Collection], admin: Admin, stand: Stand) -> list[tuple[Collection, Admin]]:
    """What the project keeps in its cache, warm, each with its admin pages."""
    pages = {"user": "admin", "passenger": "passenger_admin"}
    found = []
    for rows in kept:
        rows.warm()
        seen = Admin(admin.api, stand.host.description()[pages[rows.noun]], rows.table, rows.routes.visible)
        found.append((rows, seen))
    return found


@pytest.fixture
def scenes(stand: Stand) -> Scenes:
    """To play several scenes in one check, all of them even if the first fails."""
    return Scenes(stand.timeline)
