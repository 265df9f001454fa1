"""What a check may ask for, by parameter name. A pytest plugin of the judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from grader.plan import PlannedCheck
from grader.stand.admin import Admin
from grader.stand.api import Api
from grader.stand.collection import Collection
from grader.stand.database import Database
from grader.stand.host import Host, log_in
from grader.stand.redis import Redis
from grader.stand.stand import Stand
from grader.stand.timeline import Timeline
from grader.submission import Submission

HOST = pytest.StashKey[Host]()
PLANNED = pytest.StashKey[PlannedCheck]()
TIMELINE = pytest.StashKey[Timeline]()

USUAL_ROWS = 3


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
def database(stand: Stand) -> Iterator[Database]:
    """The judge's handle on this check's database: three users, and no other row of theirs."""
    database = Database(stand.path, stand.host.description()["user"], stand.host.routes().visible)
    database.users.remove_all()
    database.users.insert(USUAL_ROWS)
    yield database
    database.close()


@pytest.fixture
def redis(stand: Stand) -> Redis:
    """The private server, seen past the proxy."""
    return stand.host.redis


@pytest.fixture
def api(stand: Stand, database: Database) -> Api:
    """Requests to the project, as a user who may make them."""
    headers = log_in(stand.child) if stand.host.routes().login else {}
    return Api(stand.child, stand.timeline, headers)


@pytest.fixture
def users(api: Api, stand: Stand, database: Database) -> Collection:
    """The project's users, wherever it shows them."""
    return Collection(api, stand.host.routes(), database.users)


@pytest.fixture
def warm(users: Collection, database: Database) -> Collection:
    """The users, with the list and every single user in the cache, if the project caches them."""
    users.list()
    if users.routes.detail:
        for row in database.users.rows:
            users.detail(row)
    return users


@pytest.fixture
def admin(stand: Stand, warm: Collection, database: Database) -> Admin:
    """The admin pages, as a superuser sees them."""
    api = warm.api.with_headers(log_in(stand.child))
    warm.list()  # making that superuser may have cleared the cache
    for row in database.users.rows:
        if warm.routes.detail:
            warm.detail(row)
    return Admin(api, stand.host.description()["admin"], database.users, warm.routes.visible)
