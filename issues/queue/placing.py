"""What somebody needs to put endpoints into an application by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.access import Action, may
from issues.models import Application

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST = 1_000


def places_for(user: User) -> list[str] | None:
    """Names of the applications to pin to, for ``_pin.html`` and ``_pin_many.html``; None when the user may not."""
    if not may(user, Action.MANAGE_APPLICATIONS):
        return None
    return list(Application.objects.visible_to(user).order_by("name").values_list("name", flat=True)[:MOST])
