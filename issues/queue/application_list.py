"""The list of applications as its address asks for it: filters with counts, chips, order, and a page of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from issues.queue.address import Address
from issues.queue.application_facets import chips_of, facets_of
from issues.queue.application_filters import ApplicationFilterSet
from issues.queue.application_numbers import Numbers, numbers_for
from issues.queue.application_order import DEFAULT, SORTS, Line, in_order
from issues.queue.listing import Chip, Facet
from issues.queue.trends import trends_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZE = 50


@dataclass(frozen=True, slots=True)
class ApplicationList:
    """``whole``: how many there are without any filter. ``address``: the filters in use, for a form or a link."""

    rows: list[Line]
    page: Page[Line]
    sort: str
    whole: int
    filters: ApplicationFilterSet
    facets: list[Facet]
    chips: list[Chip]

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def problems(self) -> list[str]:
        """Filters that were ignored, and why."""
        return list(self.filters.problems.values())


def list_applications(user: User, query: QueryDict) -> ApplicationList:
    """One page. It costs as many questions for ten applications as for a thousand."""
    filters, sort = ApplicationFilterSet(query, user=user), query.get("sort", DEFAULT)
    sort = sort if sort.removeprefix("-") in SORTS else DEFAULT
    numbers = numbers_for(user)
    lines = [Line(it, numbers.get(it.application.pk, Numbers())) for it in filters.found]
    page = Paginator(in_order(lines, sort), SIZE).get_page(query.get("page"))
    without_page = query.copy()
    without_page.pop("page", None)
    address = Address(without_page)
    facets = facets_of(filters, address)
    return ApplicationList(
        rows=_with_trends(page.object_list),
        page=page,
        sort=sort,
        whole=len(filters.visible),
        filters=filters,
        facets=facets,
        chips=chips_of(filters, facets, query, address),
    )


def _with_trends(lines: Iterable[Line]) -> list[Line]:
    shown = list(lines)
    trends = trends_of([line.application.pk for line in shown])
    return [replace(line, trend=trends[line.application.pk]) for line in shown]
