"""What stands around the content of every page: places, counts, the import that runs, what needs a person.

Asked for only when a template shows it, and then in two queries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest
from django.urls import is_valid_path

from connectors.access import Action, may
from issues.queue.connections import Summary, summaries
from issues.queue.totals import Around, around
from issues.templatetags.dates import span

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Place:
    """``short`` is its name in the bottom bar of phones; ``action`` is what one must be allowed to do there."""

    label: str
    url: str
    icon: str
    short: str = ""
    action: Action | None = None


GROUPS: dict[str, tuple[Place, ...]] = {
    "": (
        Place("Overview", "/", "layout-dashboard", "Overview"),
        Place("Active issues", "/issues/", "list", "Issues"),
        Place("Applications", "/applications/", "layers", "Apps"),
        Place("Fix first", "/fixes/", "wrench"),
        Place("Endpoints", "/endpoints/", "laptop"),
    ),
    "Set up": (
        Place("Connectors", "/connectors/", "plug", "Connectors", Action.SEE_CONNECTIONS),
        Place("Severity factors", "/severity/", "sliders-horizontal"),
    ),
}


class Navigation:
    """The shape that ``templates/base.html`` describes."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._user = cast("User", request.user)

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        groups = ({"label": label, "items": self._items(places)} for label, places in GROUPS.items())
        return [group for group in groups if group["items"]]

    @cached_property
    def importing(self) -> int | None:
        """Percent of all running imports together; 0 while no total is known."""
        running = [summary for summary in self.connections if summary.is_running]
        if not running:
            return None
        expected = sum(summary.expected or 0 for summary in running)
        return min(100, round(100 * sum(summary.read for summary in running) / expected)) if expected else 0

    @cached_property
    def warning(self) -> dict[str, str] | None:
        if not may(self._user, Action.MANAGE_CONNECTIONS):
            return None
        text = next((summary.warning for summary in self.connections if summary.warning), "")
        return {"text": text, "url": "/connectors/"} if text else None

    @cached_property
    def all_connections(self) -> list[Summary]:
        return summaries()

    @property
    def connections(self) -> list[Summary]:
        """Those that were not deleted."""
        return [summary for summary in self.all_connections if summary.is_live]

    @cached_property
    def foot(self) -> list[dict[str, str]]:
        """The ages of the feeds, once there are issues that they could tell of."""
        return [{"label": str(name.label), "value": _age(at)} for name, at in self._around.feeds.items()]

    @property
    def totals(self) -> dict[str, int]:
        """Issues by state."""
        return self._around.issues

    @cached_property
    def _around(self) -> Around:
        return around(self._user)

    def _items(self, places: tuple[Place, ...]) -> list[dict[str, Any]]:
        open_to_user = (place for place in places if place.action is None or may(self._user, place.action))
        return [self._item(place) for place in open_to_user if is_valid_path(place.url)]

    def _item(self, place: Place) -> dict[str, Any]:
        path = self._request.path
        current = path == place.url if place.url == "/" else path.startswith(place.url)
        item = {"label": place.label, "url": place.url, "icon": place.icon, "short": place.short, "current": current}
        return {**item, "count": self._count(place)}

    def _count(self, place: Place) -> int | None:
        if place.url == "/issues/":
            return self.totals.get("active", 0)
        return len(self.connections) if place.url == "/connectors/" else None


def _age(published: datetime | None) -> str:
    if published is None:
        return "not loaded"
    age = span(published)
    return "new" if age == "now" else f"{age} old"


def navigation_of(request: HttpRequest) -> Navigation:
    """One for each request, so that page and frame ask once; for somebody who is signed in."""
    if not hasattr(request, "navigation"):
        request.navigation = Navigation(request)  # type: ignore[attr-defined]
    return cast("Navigation", request.navigation)  # type: ignore[attr-defined]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor. A stranger has no navigation, and costs no query."""
    user = getattr(request, "user", None)
    return {"nav": navigation_of(request)} if user is not None and user.is_authenticated else {}
