"""Pins: a person says where an endpoint belongs, and no rule moves it until the pin is taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from issues.models import Application
from issues.models.endpoint import EndpointQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def pin(endpoints: EndpointQuerySet, application: Application, user: User, reason: str = "") -> int:
    """Put endpoints into an application for good; their issues follow in the background. Returns how many changed.

    The caller has made sure that the user may decide, and that ``endpoints`` holds only what they see.
    """
    raise NotImplementedError


def unpin(endpoints: EndpointQuerySet, user: User) -> int:
    """Let the rules decide again; endpoints and issues follow in the background. Returns how many were pinned."""
    raise NotImplementedError
