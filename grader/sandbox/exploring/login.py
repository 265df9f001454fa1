"""Somebody logs in to the project."""

from __future__ import annotations

import secrets
from typing import Any

from grader.sandbox.hosting.worker import Worker


def log_in(worker: Worker, key: Any = None) -> dict[str, str]:
    """Log a user in, or a superuser if no primary `key` is given: the headers of its requests.

    The headers hold a session for Django's views, and the probe's own scheme for DRF's views
    (`grader.probe.authentication`).
    """
    value = worker.ask("login", "somebody logged in", key=key).get("value")
    if not isinstance(value, dict):
        return {}
    token = secrets.token_hex(16)  # Django compares the cookie with the header and nothing else
    return {
        "Cookie": f"{value.get('cookie')}; csrftoken={token}",
        "X-CSRFToken": token,
        "Authorization": f"Workshop {value.get('user')}",
    }
