"""Endpoints as a list: filtered, sorted, page by page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import QueryDict

from issues.models import Application, Endpoint
from issues.models.endpoint import EndpointQuerySet
from issues.queue.address import PLACE, Address
from issues.queue.endpoint_choices import Select, selects_of
from issues.queue.endpoint_filters import EndpointFilterSet
from issues.queue.keyset import BadCursor, Page, page_of
from issues.queue.ordering import Sort

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZE = 50
UNINDEXED = ("os", "application")
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("name", "id"),
    "os": ("os", "os_name", "name", "id"),
    "site": ("site_name", "name", "id"),
    "application": ("application__name", "name", "id"),
    "last_scan": ("last_scan_at", "id"),
}
BY_NAME = Sort.of("name", COLUMNS)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """``next`` and ``previous`` are querystrings, empty at the ends; ``application``: only its endpoints are listed."""

    rows: list[Endpoint]
    total: int
    q: str
    sort: str
    selects: list[Select]
    next: str
    previous: str
    filtered: bool
    application: Application | None = None
    problems: list[str] = field(default_factory=list)  # filters that were ignored, and why
    never: int = 0  # endpoints that no scan was ever heard of, where the order by scans leaves them out


def list_endpoints(user: User, query: QueryDict, application: Application | None = None) -> Endpoints:
    """One page as the address asks for it. The caller makes sure that the user may see the application."""
    query = query.copy()
    if application is not None:
        query.pop("application", None)
    filters, sort = EndpointFilterSet(query, user=user), sort_of(query)
    problems = list(filters.problems.values())
    everything = Endpoint.objects.visible_to(user)
    if application is not None:
        everything = everything.filter(application=application)
    found = filters.filter_queryset(everything)
    total = found.count()
    never = found.filter(last_scan_at=None).count() if sort.name == "last_scan" else 0
    page = _page(found, sort, query.get(PLACE, ""), problems)
    address = Address(query)
    return Endpoints(
        rows=page.rows,
        total=total,
        q=filters.values.get("q", ""),
        sort=str(sort),
        selects=[each for each in selects_of(filters, everything, user, application) if each.is_useful],
        next=address.with_only(**{PLACE: page.next}) if page.next else "",
        previous=address.with_only(**{PLACE: page.previous}) if page.previous else "",
        filtered=bool(filters.values or problems),
        application=application,
        problems=problems,
        never=never,
    )


def sort_of(query: QueryDict) -> Sort:
    """By name, where the address asks for nothing that there is."""
    text = query.get("sort", "")
    return Sort.of(text, COLUMNS) if text.removeprefix("-") in COLUMNS else BY_NAME


def _page(found: EndpointQuerySet, sort: Sort, cursor: str, problems: list[str]) -> Page[Endpoint]:
    shown = found.select_related("application", "mapped_by", "connection").defer("tags", "cloud_tags", "ou")
    if sort.name == "last_scan":  # no place in a row of dates without one
        shown = shown.exclude(last_scan_at=None)
    legs = [shown] if sort.name in UNINDEXED else []  # keys are sorted faster than rows
    try:
        return page_of(shown, sort, SIZE, cursor, legs)
    except BadCursor as error:
        problems.append(str(error))
        return page_of(shown, sort, SIZE, "", legs)
