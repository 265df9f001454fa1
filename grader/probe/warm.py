"""Does once, before the forks, what every child would otherwise do again at its first request.

Only libraries are warmed, never a view of the learner's: what their code remembers must be remembered by
one child alone.
"""

from __future__ import annotations

import contextlib
import gc
import sys


def warm() -> None:
    """Import what Django, DRF and the cache backends import late. Faults show later, where they count."""
    from django.conf import settings
    from django.core.cache import caches
    from django.db import connections
    from django.urls import get_resolver

    for alias in settings.CACHES:
        with contextlib.suppress(Exception):
            _ = getattr(caches[alias], "client", None)  # django-redis makes it late, and imports redis then
    with contextlib.suppress(Exception):
        _ = get_resolver().reverse_dict
    for alias in connections:
        _ = connections[alias]
    if "rest_framework" in sys.modules:
        from rest_framework.settings import DEFAULTS, api_settings

        for name in DEFAULTS:
            with contextlib.suppress(Exception):
                getattr(api_settings, name)
    # A collection in a child would touch, and so copy, every page that it shares with the others.
    gc.collect()
    gc.freeze()
