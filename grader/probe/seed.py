"""Makes the first rows through the learner's own models, so that they meet all demands of the models.

The judge inserts all further rows itself, as copies of these.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from .models import link_to_user, passenger_model


def make_user() -> Any:
    """Make one ordinary user and return its primary key."""
    from django.contrib.auth import get_user_model

    model = get_user_model()
    user = model(**_values(model))
    user.set_unusable_password()
    _save(user)
    return user.pk


def make_passenger(root: str) -> Any:
    """Make one passenger with a user of its own; return its primary key, or None if that fails."""
    from django.contrib.auth import get_user_model

    model = passenger_model(root)
    if model is None:
        return None
    user = get_user_model()._default_manager.get(pk=make_user())
    passenger = model(**{**_values(model), link_to_user(model).name: user})
    try:
        _save(passenger)
    except Exception:
        user.delete()
        return None
    return passenger.pk


def log_in(key: Any) -> dict[str, str]:
    """Log in the user with the primary key `key`; return `cookie` (a session cookie) and `user` (the key).

    Without a `key`, log in a superuser, and make one if there is none.
    """
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.utils.module_loading import import_string

    model: Any = get_user_model()
    wanted = {"is_superuser": True} if key is None else {"pk": key}
    user = model._default_manager.filter(**wanted).first()
    if user is None:
        user = model(**_values(model))
        user.is_staff = user.is_superuser = user.is_active = True
        user.set_unusable_password()
        _save(user)
    session = import_string(settings.SESSION_ENGINE + ".SessionStore")()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}", "user": str(user.pk)}


def _save(row: Any) -> None:
    """Save a row. If the learner's save() or receivers raise, insert the row without them."""
    from django.db import transaction

    try:
        with transaction.atomic():
            row.save()
    except Exception:
        with transaction.atomic():
            type(row)._default_manager.bulk_create([row])


def _values(model: Any) -> dict[str, Any]:
    """A value for each field of `model` that needs one and has no default."""
    token = uuid.uuid4().hex[:10]
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name == "password" or field.primary_key or field.has_default():
            continue
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            continue
        needed = not field.null and not field.blank
        if needed or field.unique or field.name in ("first_name", "last_name"):
            values[field.name] = _value(field, token)
    return values


def _value(field: Any, token: str) -> Any:
    from django.db.models import EmailField

    if field.choices:
        values = [value for value, _ in field.flatchoices]
        return next((value for value in values if "passenger" in str(value).lower()), values[0])
    if field.is_relation:
        related = field.related_model
        return related._default_manager.first() or related._default_manager.create(**_values(related))
    kind = field.get_internal_type()
    now = datetime.datetime.now(datetime.timezone.utc)
    made = {
        "DateTimeField": now,
        "DateField": now.date(),
        "TimeField": now.time(),
        "UUIDField": uuid.uuid4(),
        "BooleanField": False,
        "DecimalField": 1,
        "FloatField": 1.0,
        "JSONField": {},
        "DurationField": datetime.timedelta(1),
    }
    if kind in made:
        return made[kind]
    if "Integer" in kind:
        return 1
    if isinstance(field, EmailField):
        return f"{token}@example.com"
    return token[: field.max_length or len(token)]
