"""What stands around every part of an application's page: its name, its people, and the way to the other parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import is_valid_path

from connectors.access import Action, may
from issues.access import sees_everything
from issues.models import Application
from issues.queue.one_application import numbers_here, people_of, software_here

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAPPING = "/applications/mapping/"


def frame_of(user: User, shown: Application, view: str) -> dict[str, Any]:
    here, numbers, software = shown.get_absolute_url(), numbers_here(shown), software_here(shown)
    parts = (
        ("Overview", "", None),
        ("Issues", "issues", numbers.total),
        ("Endpoints", "endpoints", numbers.endpoints),
        ("Software", "software", software.products),
        ("Compliance", "compliance", None),
    )
    known = view if view in {part for _, part, _ in parts} else ""
    return {
        "application": shown,
        "numbers": numbers,
        "software": software,
        "people": people_of(shown),
        "priority": f"Priority {shown.business_priority}",
        "edit_url": _open(f"{here}edit/") if may(user, Action.MANAGE_APPLICATIONS) else "",
        "mapping_url": _open(MAPPING) if sees_everything(user) else "",
        "tabs": [
            {
                "label": label,
                "url": f"{here}?view={part}" if part else here,
                "count": number,
                "current": part == known,
            }
            for label, part, number in parts
        ],
        "crumbs": [("Applications", "/applications/"), (shown.name, "")],
    }


def _open(path: str) -> str:
    """The path where there is a page, else empty."""
    return path if is_valid_path(path) else ""
