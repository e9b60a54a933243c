"""The list of applications as its address asks for it: filters with counts, chips, order, and a page of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from issues.queue.address import Address
from issues.queue.application_facets import chips_of, facets_of
from issues.queue.application_filters import ApplicationFilterSet, Traits
from issues.queue.application_numbers import Numbers, numbers_of
from issues.queue.application_order import DEFAULT, SORTS, WEEK, in_order
from issues.queue.listing import Chip, Facet
from issues.queue.sparks import Spark, sparks_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One application. Without a ``trend`` nobody has counted it yet."""

    traits: Traits
    numbers: Numbers
    trend: Spark | None

    @property
    def change(self) -> int | None:
        """Its active issues, less what they were a week ago; None when nobody counted then."""
        return self.trend.change(self.numbers.total, WEEK) if self.trend else None


@dataclass(frozen=True, slots=True)
class ApplicationList:
    """``whole``: how many there are without any filter. ``address``: the filters in use, for a form or a link."""

    rows: list[Line]
    page: Page[Traits]
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
    page = Paginator(in_order(user, filters.found, sort), SIZE).get_page(query.get("page"))
    without_page = query.copy()
    without_page.pop("page", None)
    address = Address(without_page)
    facets = facets_of(filters, address)
    return ApplicationList(
        rows=_lines(page.object_list),
        page=page,
        sort=sort,
        whole=len(filters.visible),
        filters=filters,
        facets=facets,
        chips=chips_of(filters, facets, query, address),
    )


def _lines(applications: Iterable[Traits]) -> list[Line]:
    shown = list(applications)
    keys = [it.pk for it in shown]
    numbers, trends = numbers_of(keys), sparks_of(keys)
    return [Line(it, numbers.get(it.pk, Numbers()), trends.get(it.pk)) for it in shown]
