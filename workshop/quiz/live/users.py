"""Experiments on a small project with the handout's own code: who sees which user, and when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from grader.sandbox.observing.database import Database
from grader.sandbox.observing.table import Row
from grader.wording import counted
from workshop.quiz.live.laboratory import Laboratory, Trial
from workshop.quiz.live.run import Seen, Values, came_true

LIST = "/api/users/"


@dataclass(frozen=True, slots=True)
class Users:
    """The project, with some users in its database."""

    trial: Trial
    database: Database

    @property
    def rows(self) -> list[Row]:
        """The users."""
        return self.database.users.rows


@contextmanager
def users(laboratory: Laboratory, kind: str = "handout", count: int = 3) -> Iterator[Users]:
    """The small project with `count` users in it."""
    from grader.sandbox.exploring.route_discovery import discover_routes

    with laboratory.project(kind) as trial:
        project = trial.environment.project
        database = Database(
            trial.environment.database_path, project.report()["user"], discover_routes(project).visible
        )
        try:
            database.users.remove_all()
            database.users.insert(count)
            yield Users(trial, database)
        finally:
            database.close()


def deleted_from_the_list_only(laboratory: Laboratory, values: Values) -> Seen:
    """DELETE a cached user where only the list's key is cleared, then GET that user."""
    # The template database has had a user: the ids of new ones begin with 2.
    with users(laboratory, "zombie", count=int(values["user"]) - 1) as here:
        api, row = here.trial.api, here.rows[-1]
        path = f"{LIST}{row.name}/"
        api.get(LIST)
        api.get(path)
        deleted = api.request("DELETE", path).status
        after = api.get(path)
        left = here.database.users.count()
        key = {200: "alive", 404: "gone", 500: "error", 204: "empty"}.get(after.status, "other")
        return came_true(
            key,
            f"DELETE {path} → {deleted}",
            f"in the database: {left} users, and that one is not among them",
            f"GET {path} → {after.status} {after.body.decode()[:60]}",
        )


def added_in_the_admin(laboratory: Laboratory, values: Values) -> Seen:
    """Cache the list, add a user in the Django admin, GET the list again."""
    from grader.sandbox.exploring.admin import Admin
    from grader.sandbox.exploring.login import log_in
    from grader.sandbox.exploring.route_discovery import discover_routes

    with users(laboratory) as here:
        environment, api = here.trial.environment, here.trial.api
        superuser = api.with_headers(log_in(environment.worker))
        environment.project.sandbox.redis.flush()
        before = api.get(LIST).rows or []
        visible = discover_routes(environment.project).visible
        Admin(superuser, environment.project.report()["admin"], here.database.users, visible).add()
        rows = here.database.users.count()
        after = api.get(LIST).rows or []
        ttl = environment.project.sandbox.redis.keys()[0].ttl_ms or 0
        return came_true(
            "shown" if len(after) > len(before) else "stale",
            f"GET {LIST} → {len(before)} users, now cached",
            f"a user is added in the admin: {rows} users in the database",
            f"GET {LIST} → {len(after)} users",
            f"the key lives for another {ttl / 1000:.0f} s",
        )


def collision(laboratory: Laboratory, values: Values) -> Seen:
    """GET /api/users/list/ while the list is cached."""
    with users(laboratory) as here:
        api = here.trial.api
        cold = api.get(f"{LIST}list/")
        api.get(LIST)
        warm = api.get(f"{LIST}list/")
        rows = warm.json if isinstance(warm.json, list) else []
        key = (
            "everyone"
            if warm.status == 200 and rows
            else {404: "missing", 500: "error"}.get(warm.status, "other")
        )
        return came_true(
            key,
            f"GET {LIST}list/ → {cold.status}",
            f"GET {LIST} → 200, stored under user_list",
            f"GET {LIST}list/ → {warm.status}, {len(rows)} users, {warm.sql_count} SQL queries",
        )


_SIGNALS = """
from django.db.models.signals import post_save
from users.models import User
fired = []
def saw(sender, **more):
    fired.append(1)
post_save.connect(saw, sender=User, dispatch_uid="workshop-experiment")
user = User.objects.first()
seen = {}
def count(name, act):
    del fired[:]
    act()
    seen[name] = len(fired)
def bulk():
    User.objects.bulk_create([User(email=f"b{n}@example.com", user_type="passenger") for n in range(2)])
count("save", user.save)
count("update", lambda: User.objects.filter(pk=user.pk).update(first_name="Other"))
count("bulk", bulk)
count("update_or_create", lambda: User.objects.update_or_create(pk=user.pk, defaults={"first_name": "Third"}))
count("create", lambda: User.objects.create(email="c@example.com", user_type="passenger"))
post_save.disconnect(sender=User, dispatch_uid="workshop-experiment")
value = seen
"""
_SAID = {
    "save": "user.save()",
    "update": "User.objects.filter(...).update(...)",
    "bulk": "User.objects.bulk_create([two users])",
    "update_or_create": "User.objects.update_or_create(...)",
    "create": "User.objects.create(...)",
}


def what_fires_post_save(laboratory: Laboratory, values: Values) -> Seen:
    """Count the signals of five ways to write a row."""
    with users(laboratory) as here:
        counts = here.trial.environment.run(_SIGNALS)
    return Seen(
        frozenset(name for name, count in counts.items() if count),
        tuple(f"{_SAID[name]}: {counted(count, 'signal')}" for name, count in counts.items()),
    )
