"""Finds the model of the passengers, and the link of a model to the user model."""

from __future__ import annotations

import os
from typing import Any

_OTHERS = ("rider", "driver", "staff", "admin")


def passenger_model(root: str) -> Any:
    """Return the model of the passengers, or None: by its name, else by its link to the user model.

    If no model has the name, it is the only model below `root` with a one-to-one link to the user model;
    models of riders, drivers, staff and admins do not count.
    """
    from django.apps import apps

    linked = [model for model in apps.get_models() if not model._meta.proxy and link_to_user(model)]
    named = [model for model in linked if "passenger" in model.__name__.lower()]
    if named:
        return min(named, key=lambda model: (not link_to_user(model).one_to_one, len(model.__name__)))
    own = [
        model
        for model in linked
        if link_to_user(model).one_to_one
        and os.path.realpath(apps.get_app_config(model._meta.app_label).path).startswith(
            os.path.realpath(root)
        )
        and not any(word in model.__name__.lower() for word in _OTHERS)
    ]
    return own[0] if len(own) == 1 else None


def link_to_user(model: Any) -> Any:
    """Return the field of `model` that links a row to its user, or None."""
    from django.contrib.auth import get_user_model

    user = get_user_model()
    links = [
        field
        for field in model._meta.concrete_fields
        if (field.one_to_one or field.many_to_one) and field.related_model is user and model is not user
    ]
    return min(links, key=lambda field: (not field.one_to_one, field.null), default=None)
