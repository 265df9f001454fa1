"""Activity 8, the core: production settings that load, inherit, and are told where Redis is."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.production import alone_in, sources
from grader.result import Fault
from grader.servers.proxy import Proxy
from grader.spec import CheckFailed, Way, check, expect, fail
from grader.stand.api import Api, answered
from grader.stand.collection import Collection
from grader.stand.database import Database
from grader.stand.host import Host
from grader.stand.login import log_in
from grader.stand.process import Child
from grader.stand.site import Site, server_of
from grader.stand.stand import Stand
from grader.stand.trouble import NotLoaded, sentence, where
from grader.submission import Submission

NAMED = 'workshop.toml beside manage.py can name it: production_settings = "your.module".'


@check(
    "R1",
    title="The production settings load, and the old way in still works",
    means="A server that cannot load its settings does not start at all.",
    try_="Load them yourself: `python manage.py check --settings=<your production module>`.",
    ways={
        "not_found": Way(
            "There are no production settings that the workshop could find.",
            f"The template makes settings/production.py. If yours has another name: {NAMED}",
        ),
        "one_file": Way(
            "One settings file that reads the environment can be right for production as well. The workshop "
            "does not take it for that unless you say so: every project has a settings file.",
            'If you mean it: production_settings = "your.settings" in workshop.toml beside manage.py, and '
            "below [production_variables] what is set on your server. Else make settings/production.py.",
        ),
        "not_a_package": Way(
            "A file settings.py and a folder settings/ share one name. Python takes the file, and a file "
            "has no modules inside it.",
            "Let the folder win: move settings.py to settings/base.py, with one .parent more in BASE_DIR, "
            "and write `from .base import *` into settings/__init__.py.",
        ),
        "emptied": Way(
            "settings/__init__.py made the folder win over settings.py, and it is empty. Every command that "
            "used the old settings now runs with none: no apps, no database. `manage.py check` finds "
            "nothing wrong.",
            "Move settings.py to settings/base.py, with one .parent more in BASE_DIR, and write "
            "`from .base import *` into settings/__init__.py.",
        ),
        "old_entry": Way(
            "The settings that manage.py names do not start any more.",
            "Everybody else still types `python manage.py runserver`: let the old name go on working.",
        ),
        "not_imported": Way(
            "The file uses a name that it never imports. The handout's snippet is only a part of a file.",
            "Write the import at its top: `import os`, and `from .base import *` for what it inherits.",
        ),
        "no_such_base": Way(
            "The file imports from a module that is not there.",
            "In a folder the dot means: beside me. `from .base import *` reads base.py in the same folder.",
        ),
        "variable_missing": Way(
            "The settings ask for a variable that the workshop knows no value for.",
            "If it must be there: give it a value in workshop.toml, below [production_variables].",
        ),
    },
)
def check_the_production_settings_load(host: Host, submission: Submission, site: Site | None) -> None:
    try:
        host.description()
    except NotLoaded as trouble:
        emptied = _both(submission)
        seen = f"with the settings that manage.py names, {trouble.seen}"
        raise CheckFailed(seen, "emptied" if emptied else "old_entry", trouble.where) from trouble
    if site is None:
        one = alone_in(submission)
        told = f", and {one.file} asks the environment for {one.addresses[0]}" if one else ""
        fail(f"there is no settings module for production{told}", how="one_file" if one else "not_found")
    facts = _refusal(site.enter(server_of(host.proxy)))
    # What comes after the settings (apps, user model, URLs) is what they should have inherited: see R2.
    expect(
        facts.get("stage") in (None, "apps", "urls"),
        seen=f"{site.found.module} does not load: {sentence(facts)}",
        how=_why(facts, site.found.module),
        where=where(facts),
    )


@check(
    "R2",
    title="Production inherits apps, user model and database",
    needs=("R1",),
    means="Production is the same project at another address: what it does not inherit, it does not have.",
    try_="Begin the file with `from .base import *`, and change only what differs.",
    ways={
        "no_base": Way(
            "The file stands alone: it imports nothing of your settings, so it has no apps, no URLs and no "
            "database. The handout's snippet is only a part of a file.",
            "Begin it with `from .base import *` (or the name that your settings have), above the rest.",
        ),
        "not_inherited": Way(
            "Production is not the project that you have at home: something that it should inherit is "
            "different or missing.",
            "Compare INSTALLED_APPS, AUTH_USER_MODEL, ROOT_URLCONF and DATABASES: all should come from the "
            "base.",
        ),
        "other_database": Way(
            "A file in another place is another database: an empty one. Often BASE_DIR is one folder off "
            "since the settings moved down into a folder of their own.",
            "Leave DATABASES to the base, and look at BASE_DIR there: one folder deeper means one .parent "
            "more.",
        ),
    },
)
def check_production_inherits(stand: Stand, users: Collection, database: Database, site: Site) -> None:
    truth = users.list()
    live = loaded(site.enter(server_of(stand.host.proxy)), site)
    answer = _ask(stand, users, stand.of(live))
    expect(
        answer.status == 200,
        seen=f"in production {answered('GET', users.routes.list, answer)}",
        how="not_inherited",
        where=answer.where,
    )
    expect(
        answer.json == truth.json,
        seen=f"in production GET {users.routes.list} shows something else",
        how="not_inherited",
    )
    _same_database(stand, users, database, site)


@check(
    "R4",
    title="The address of Redis comes from the environment",
    needs=("R1",),
    means="A server is told where its Redis is when it starts. What is written in the code is the same "
    "everywhere, and a move becomes a release.",
    try_="Read it: 'LOCATION': os.environ['REDIS_CLUSTER_URL'].",
    ways={
        "not_asked": Way(
            "Your production settings ask the environment for no address of a Redis.",
            "Read it with os.environ, under a name that says so, such as REDIS_CLUSTER_URL. Another name: "
            "put it below [production_variables] in workshop.toml.",
        ),
        "written_in": Way(
            "The variable named another server, and your cache went where it always goes.",
            "Let LOCATION be what the variable says, and see that CACHES is not set again below it.",
        ),
        "nobody_asked": Way(
            "The variable named a server, and no server was asked: the cache lives somewhere else.",
            "Look at BACKEND: in production it should be the Redis cache too.",
        ),
    },
)
def check_the_address_comes_from_the_environment(stand: Stand, site: Site) -> None:
    expect(
        site.found.addresses,
        seen=f"{site.found.file} looks up no variable that could be the address of a Redis",
        how="not_asked",
    )
    first, second = stand.host.proxy, stand.host.further.second
    went: dict[str, set[Proxy]] = {}
    for address in site.found.addresses:
        went = {}
        for name, proxy in (("first", first), ("second", second)):
            live = loaded(site.enter(server_of(proxy), address), site)
            stand.timeline.note(f"{address} names the {name} server")
            went[name] = asked(stand, stand.of(live))
        if went == {"first": {first}, "second": {second}}:
            return
    nobody = not went["first"] and not went["second"]
    expect(
        False,
        seen=f"{address} named a second server, and "
        + ("no server was asked" if nobody else "the cache went to the first one all the same"),
        how="nobody_asked" if nobody else "written_in",
    )


def asked(stand: Stand, child: Child) -> set[Proxy]:
    """The servers that hear of it when a process of the project uses its cache; errors do not matter."""
    marks = {proxy: proxy.mark() for proxy in stand.host.proxies}
    use(stand, child, f"workshop-{secrets.token_hex(4)}")
    return {proxy for proxy, mark in marks.items() if proxy.since(mark)}


def use(stand: Stand, child: Child, name: str) -> Mapping[str, Any]:
    """Set a value in the cache and get it back, in a process of the project; what it says came of it."""
    code = (
        f"from django.core.cache import cache\ncache.set({name!r}, 'Muraho', 60)\nvalue = cache.get({name!r})"
    )
    stand.timeline.note("shell: cache.set(), cache.get()")
    return child.ask("run", "the shell ran", code=code)


def _refusal(live: Host) -> Mapping[str, Any]:
    """What was raised when the project was loaded, and in which stage; empty if nothing was.

    Raises StandTrouble if it is the machine that lacks something.
    """
    try:
        live.description()
    except NotLoaded as trouble:
        if trouble.fault is not Fault.CODE:
            raise
        return {"stage": "", **trouble.facts}
    return {}


def loaded(live: Host, site: Site) -> Host:
    """`live`, if the whole project loads with the production settings; else the check fails."""
    if facts := _refusal(live):
        alone = len(list(sources(live.submission.root, site.found.file))) == 1
        seen = f"with {site.found.module} the project does not start: {sentence(facts)}"
        fail(seen, "no_base" if alone else "not_inherited", where(facts))
    return live


def _ask(stand: Stand, users: Collection, child: Child) -> Any:
    headers = log_in(child) if users.routes.login else {}
    return Api(child, stand.timeline, headers, "production").get(users.routes.list)


def _same_database(stand: Stand, users: Collection, database: Database, site: Site) -> None:
    """The judge puts rows into the very file that the old settings name: production must show them.

    Which file that is only the project can say; that production reads it is seen from outside. A server
    (PostgreSQL, say) is a choice that no empty file can be mistaken for, and is let be.
    """
    host, live = stand.host, site.enter(server_of(stand.host.proxy))
    told, now = (each.description()["databases"].get("default", {}) for each in (host, live))
    expect(now.get("ENGINE"), seen="production has no database", how="not_inherited")
    if not all(str(each.get("ENGINE", "")).endswith("sqlite3") for each in (told, now)):
        return
    file = Path(str(told.get("NAME", "")))
    if not file.is_relative_to(host.copied):
        expect(told == now, seen=f"production has its database in {now.get('NAME')}", how="other_database")
        return
    name = file.relative_to(host.copied)
    expect(
        not _too_deep(host, name),
        seen=f"manage.py has its database in {name} now, inside the folder of its settings",
        how="other_database",
    )
    host.lay(stand.path, name)
    stand.timeline.note(f"put {len(database.users.rows)} users into {name}, where manage.py has its database")
    answer = _ask(stand, users, stand.of(site.enter(server_of(host.proxy), own_databases=True)))
    shown = answer.status == 200 and all(answer.shows(users.text(row)) for row in database.users.rows)
    elsewhere = [path for path in host.databases_of_its_own() if path != name]
    host.lay(None, name)
    where_else = f"; it has made {elsewhere[0]}" if elsewhere else ""
    expect(
        shown,
        seen=f"manage.py has its database in {name}, and production does not read that file{where_else}",
        how="other_database",
    )


def _too_deep(host: Host, database: Path) -> bool:
    """Whether a database is below manage.py, in the package of settings that moved down, and is not there.

    Nobody lays it there on purpose: BASE_DIR counts one folder less than it should.
    """
    home = Path(*host.submission.settings_module.split("."))
    moved = (host.copied / home).is_dir() and database.parent == home.parent != Path()
    return moved and not (host.submission.root / database).is_file()


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
