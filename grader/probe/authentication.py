"""Authenticates the judge as any user, whether the project's API uses sessions, tokens or JWT."""

from __future__ import annotations

import sys
from typing import Any

SCHEME = "Workshop "


def install() -> None:
    """Make every DRF view accept `Authorization: Workshop <primary key>`. Without DRF, do nothing."""
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
        # Only a request of the judge uses this scheme: all others use the project's own authenticators.
        return [Named()] if _named(view.request) else own(view)

    api_view.get_authenticators = authenticators


def _named(request: Any) -> str:
    header: str = request.META.get("HTTP_AUTHORIZATION", "")
    return header.removeprefix(SCHEME) if header.startswith(SCHEME) else ""
