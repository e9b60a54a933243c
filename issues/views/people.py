"""Who asks. Every page wants a sign-in, so that nobody here is anonymous."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from connectors.access import Action, may

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def user_of(request: HttpRequest) -> User:
    return cast("User", request.user)


def manager_of(request: HttpRequest) -> User:
    """Who asks, when they may manage applications; else 403."""
    user = user_of(request)
    if not may(user, Action.MANAGE_APPLICATIONS):
        raise PermissionDenied
    return user
