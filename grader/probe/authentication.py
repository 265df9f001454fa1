"""Lets the judge be any user, whatever way of logging in the project's API has (sessions, tokens, JWT)."""

from __future__ import annotations

import sys
from typing import Any

SCHEME = "Workshop "


def install() -> None:
    """Make every DRF view take `Authorization: Workshop <key>`. Nothing to do without DRF."""
    if "rest_framework.views" not in sys.modules:
        return
    from rest_framework import views
    from rest_framework.authentication import BaseAuthentication

    class Named(BaseAuthentication):
        def authenticate(self, request: Any) -> Any:
            from django.contrib.auth import get_user_model

            key = _named(request)
            user = get_user_model()._default_manager.filter(pk=key).first() if key else None
            return (user, None) if user else None

    api_view: Any = views.APIView
    own = api_view.get_authenticators

    def authenticators(view: Any) -> list[Any]:
        # Only for a request of the judge's: everybody else is asked in the project's own ways alone.
        return [Named()] if _named(view.request) else own(view)

    api_view.get_authenticators = authenticators


def _named(request: Any) -> str:
    header: str = request.META.get("HTTP_AUTHORIZATION", "")
    return header.removeprefix(SCHEME) if header.startswith(SCHEME) else ""
