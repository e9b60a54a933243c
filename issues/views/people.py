"""Who asks. Every page wants a sign-in, so that nobody here is anonymous."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def user_of(request: HttpRequest) -> User:
    return cast("User", request.user)
