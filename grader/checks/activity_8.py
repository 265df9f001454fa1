"""Activity 8, the core: production settings that load, inherit, and are told where Redis is."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.result import Fault
from grader.sandbox.check_environment import CheckEnvironment
from grader.sandbox.errors import LoadFailed, exception_sentence, source_location
from grader.sandbox.exploring.api import Api, describe_response
from grader.sandbox.exploring.collection import Collection
from grader.sandbox.exploring.login import log_in
from grader.sandbox.exploring.production_app import ProductionApp, server_of
from grader.sandbox.hosting.hosted_project import HostedProject
from grader.sandbox.hosting.worker import Worker
from grader.sandbox.observing.database import Database
from grader.servers.proxy import Proxy
from grader.spec import CheckFailed, ExtraServer, check, expect, fail
from grader.static_analysis.production_settings import alone_in, sources
from grader.submission import Submission

NAMED = 'workshop.toml beside manage.py can name it: production_settings = "your.module".'


@check("R1", servers=(ExtraServer.SECOND,), about_cache=False)
def check_the_production_settings_load(
    project: HostedProject, submission: Submission, production_app: ProductionApp | None
) -> None:
    try:
        project.report()
    except LoadFailed as errors:
        emptied = _both(submission)
        seen = f"with the settings that manage.py names, {errors.seen}"
        raise CheckFailed(seen, "emptied" if emptied else "old_entry", errors.where) from errors
    if production_app is None:
        one = alone_in(submission)
        told = f", and {one.file} asks the environment for {one.addresses[0]}" if one else ""
        fail(f"there is no settings module for production{told}", how="one_file" if one else "not_found")
    facts = _refusal(production_app.enter(server_of(project.sandbox.proxy)))
    # What comes after the settings (apps, user model, URLs) is what they should have inherited: see R2.
    expect(
        facts.get("stage") in (None, "apps", "urls"),
        seen=f"{production_app.found.module} does not load: {exception_sentence(facts)}",
        how=_why(facts, production_app.found.module),
        where=source_location(facts),
    )


@check("R2", needs=("R1",), servers=(ExtraServer.SECOND,), about_cache=False)
def check_production_inherits(
    environment: CheckEnvironment, users: Collection, database: Database, production_app: ProductionApp
) -> None:
    truth = users.list()
    live = loaded(production_app.enter(server_of(environment.proxy)), production_app)
    response = _ask(environment, users, environment.worker_of(live))
    expect(
        response.status == 200,
        seen=f"in production {describe_response('GET', users.routes.list, response)}",
        how="not_inherited",
        where=response.where,
    )
    expect(
        response.json == truth.json,
        seen=f"in production GET {users.routes.list} shows something else",
        how="not_inherited",
    )
    _same_database(environment, users, database, production_app)


@check("R4", needs=("R1",), servers=(ExtraServer.SECOND,), about_cache=False)
def check_the_address_comes_from_the_environment(
    environment: CheckEnvironment, production_app: ProductionApp
) -> None:
    expect(
        production_app.found.addresses,
        seen=f"{production_app.found.file} looks up no variable that could be the address of a Redis",
        how="not_asked",
    )
    first, second = environment.proxy, environment.project.sandbox.extra_servers.second
    went: dict[str, set[Proxy]] = {}
    for address in production_app.found.addresses:
        went = {}
        for name, proxy in (("first", first), ("second", second)):
            live = loaded(production_app.enter(server_of(proxy), address), production_app)
            environment.timeline.note(f"{address} names the {name} server")
            went[name] = asked(environment, environment.worker_of(live))
        if went == {"first": {first}, "second": {second}}:
            return
    nobody = not went["first"] and not went["second"]
    expect(
        False,
        seen=f"{address} named a second server, and "
        + ("no server was asked" if nobody else "the cache went to the first one all the same"),
        how="nobody_asked" if nobody else "written_in",
    )


def asked(environment: CheckEnvironment, worker: Worker) -> set[Proxy]:
    """The servers that hear of it when a process of the project uses its cache; errors do not matter."""
    marks = {proxy: proxy.mark() for proxy in environment.project.sandbox.proxies}
    use(environment, worker, f"workshop-{secrets.token_hex(4)}")
    return {proxy for proxy, mark in marks.items() if proxy.since(mark)}


def use(environment: CheckEnvironment, worker: Worker, name: str) -> Mapping[str, Any]:
    """Set a value in the cache and get it back, in a process of the project; what it says came of it."""
    code = (
        f"from django.core.cache import cache\ncache.set({name!r}, 'Muraho', 60)\nvalue = cache.get({name!r})"
    )
    environment.timeline.note("shell: cache.set(), cache.get()")
    return worker.ask("run", "the shell ran", code=code)


def _refusal(live: HostedProject) -> Mapping[str, Any]:
    """What was raised when the project was loaded, and in which stage; empty if nothing was.

    Raises SandboxError if it is the machine that lacks something.
    """
    try:
        live.report()
    except LoadFailed as errors:
        if errors.fault is not Fault.CODE:
            raise
        return {"stage": "", **errors.facts}
    return {}


def loaded(live: HostedProject, production_app: ProductionApp) -> HostedProject:
    """`live`, if the whole project loads with the production settings; else the check fails."""
    if facts := _refusal(live):
        alone = len(list(sources(live.submission.root, production_app.found.file))) == 1
        seen = f"with {production_app.found.module} the project does not start: {exception_sentence(facts)}"
        fail(seen, "no_base" if alone else "not_inherited", source_location(facts))
    return live


def _ask(environment: CheckEnvironment, users: Collection, worker: Worker) -> Any:
    headers = log_in(worker) if users.routes.login else {}
    return Api(worker, environment.timeline, headers, "production").get(users.routes.list)


def _same_database(
    environment: CheckEnvironment, users: Collection, database: Database, production_app: ProductionApp
) -> None:
    """The judge puts rows into the very file that the old settings name: production must show them.

    Which file that is only the project can say; that production reads it is seen from outside. A server
    (PostgreSQL, say) is a choice that no empty file can be mistaken for, and is let be.
    """
    project, live = environment.project, production_app.enter(server_of(environment.proxy))
    told, now = (each.report()["databases"].get("default", {}) for each in (project, live))
    expect(now.get("ENGINE"), seen="production has no database", how="not_inherited")
    if not all(str(each.get("ENGINE", "")).endswith("sqlite3") for each in (told, now)):
        return
    file = Path(str(told.get("NAME", "")))
    if not file.is_relative_to(project.sandbox.paths.copy):
        expect(told == now, seen=f"production has its database in {now.get('NAME')}", how="other_database")
        return
    name = file.relative_to(project.sandbox.paths.copy)
    expect(
        not _too_deep(project, name),
        seen=f"manage.py has its database in {name} now, inside the folder of its settings",
        how="other_database",
    )
    production_app.place_database(environment.database_path, name)
    environment.timeline.note(
        f"put {len(database.users.rows)} users into {name}, where manage.py has its database"
    )
    response = _ask(
        environment,
        users,
        environment.worker_of(production_app.enter(server_of(project.sandbox.proxy), own_databases=True)),
    )
    shown = response.status == 200 and all(response.shows(users.text(row)) for row in database.users.rows)
    elsewhere = [path for path in production_app.own_databases() if path != name]
    production_app.remove_database(name)
    where_else = f"; it has made {elsewhere[0]}" if elsewhere else ""
    expect(
        shown,
        seen=f"manage.py has its database in {name}, and production does not read that file{where_else}",
        how="other_database",
    )


def _too_deep(project: HostedProject, database: Path) -> bool:
    """Whether a database is below manage.py, in the package of settings that moved down, and is not there.

    Nobody lays it there on purpose: BASE_DIR counts one folder less than it should.
    """
    home = Path(*project.submission.settings_module.split("."))
    moved = (project.sandbox.paths.copy / home).is_dir() and database.parent == home.parent != Path()
    handed_in = {each.path for each in project.sandbox.stage.left_out}  # no database is staged
    return moved and database.as_posix() not in handed_in


def _both(submission: Submission) -> bool:
    """Whether there is a settings.py and a settings/__init__.py: chooses a sentence."""
    home = submission.root.joinpath(*submission.settings_module.split("."))
    return home.with_suffix(".py").is_file() and (home / "__init__.py").is_file()


def _why(facts: Mapping[str, Any], module: str) -> str:
    """Which advice fits settings that do not load: a package that is not installed is no wrong base."""
    text = str(facts.get("message", ""))
    named = re.search(r"'([^']*)'", text)
    name = named[1] if named else ""
    if "is not a package" in text:
        return "not_a_package"
    if facts.get("type") == "NameError":
        return "not_imported"
    if facts.get("type") == "ModuleNotFoundError" and name.partition(".")[0] == module.partition(".")[0]:
        return "no_such_base"
    if facts.get("type") in ("ImproperlyConfigured", "UndefinedValueError"):
        return "variable_missing"
    if facts.get("type") == "KeyError" and name.isupper():  # not CACHES["default"]
        return "variable_missing"
    return ""
