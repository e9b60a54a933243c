"""What to fix first: software products to update, added up over the applications that one sees.

Everything comes from rows that are counted in the background; no finding is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, FloatField, Sum
from django.db.models.functions import Cast, Greatest
from django.http import QueryDict

from issues.models import Application, Fix, Software
from issues.models.fix import LEVELS, SUMMED, FixQuerySet
from issues.queue.fix_filters import FixFilterSet
from issues.versions import newest

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZE = 50
SORTS = ("per_endpoint", "risk", "endpoints", "issues", "findings", "exploited", "name")
DEFAULT = "-per_endpoint"


@dataclass(frozen=True, slots=True)
class Update:
    """One product to update, and what that would close. ``newest``: the highest version that is still vulnerable."""

    software: Software
    newest: str
    applications: int
    risk: int
    endpoints: int
    issues: int
    findings: int
    exploited: int
    critical: int
    high: int
    medium: int
    low: int

    @property
    def counts(self) -> dict[str, int]:
        """Issues by severity word, without informational ones and those of unknown severity."""
        return {word: getattr(self, word) for word in LEVELS}

    @property
    def per_endpoint(self) -> float:
        """Risk that every updated endpoint removes."""
        return self.risk / max(self.endpoints, 1)

    @property
    def name_in_quotes(self) -> str:
        """As the queue's filter takes it for exactly this product."""
        return f'"{self.software.name}"'


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all updates that the filters leave, not only of one page."""

    updates: int
    issues: int
    findings: int
    exploited: int
    risk: int


@dataclass(frozen=True, slots=True)
class Fixes:
    rows: list[Update]
    page: Page[Any]
    sort: str
    totals: Totals
    filters: FixFilterSet


class _Counted(Sequence[Any]):
    """Groups whose number is known already, for a paginator."""

    def __init__(self, groups: Any, number: int) -> None:
        self._groups, self._number = groups, number

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, some: Any) -> Any:
        return list(self._groups[some])


def list_fixes(user: User, query: QueryDict) -> Fixes:
    """One page as the address asks for it: the filters, ``sort``, ``page``."""
    filters, sort = FixFilterSet(query, user=user), query.get("sort", DEFAULT)
    sort = sort if sort.removeprefix("-") in SORTS else DEFAULT
    totals = totals_of(filters.found)
    page = Paginator(_Counted(in_order(filters.found, sort), totals.updates), SIZE).get_page(query.get("page"))
    return Fixes(updates_of(filters.found, page.object_list), page, sort, totals, filters)


def fixes_of(user: User, application: Application | None = None, limit: int = 5) -> list[Update]:
    """The updates that remove most risk from everything the user sees, or from one application."""
    found = Fix.objects.visible_to(user).closing()
    if application is None:
        return updates_of(found, in_order(found, "-risk")[:limit])
    rows = found.filter(application=application).select_related("software").order_by("-risk", "software")
    return [_update(fix) for fix in rows[:limit]]


def one_update(found: FixQuerySet) -> Update | None:
    """Of rows of one product; None when there is none."""
    return next(iter(updates_of(found, in_order(found, DEFAULT))), None)


def totals_of(found: FixQuerySet) -> Totals:
    sums = found.aggregate(
        updates=Count("software", distinct=True),
        **{name: Sum(name, default=0) for name in ("issues", "findings", "exploited", "risk")},
    )
    return Totals(**sums)


def in_order(found: FixQuerySet, sort: str) -> Any:
    """A group for each product, as dictionaries. ``sort`` is one of ``SORTS``, with "-" before it to turn it."""
    groups: Any = found.order_by().values("software").annotate(applications=Count("pk"), **_sums())
    column, sign = sort.removeprefix("-"), "-" if sort.startswith("-") else ""
    if column == "name":
        return groups.order_by(f"{sign}software__name", "software")
    if column == "per_endpoint":
        groups = groups.annotate(per_endpoint=Cast(F("sum_risk"), FloatField()) / Greatest(F("sum_endpoints"), 1))
        return groups.order_by(f"{sign}per_endpoint", "-sum_risk", "software")
    return groups.order_by(f"{sign}sum_{column}", "-sum_risk", "software")


def updates_of(found: FixQuerySet, groups: Iterable[dict[str, Any]]) -> list[Update]:
    """With the names of the products and the highest version in any of the applications."""
    shown = list(groups)
    products = Software.objects.in_bulk([group["software"] for group in shown])
    versions: dict[int, set[str]] = defaultdict(set)
    rows = found.filter(software__in=products).order_by().values_list("software_id", "newest").distinct()
    for software, version in rows:
        versions[software].add(version)
    return [
        Update(
            software=products[group["software"]],
            newest=newest(versions[group["software"]]),
            applications=group["applications"],
            **{name: group[f"sum_{name}"] for name in SUMMED},
        )
        for group in shown
        if group["software"] in products
    ]


def _update(fix: Fix) -> Update:
    """Of one application alone a row says everything."""
    sums = {name: getattr(fix, name) for name in SUMMED}
    return Update(software=fix.software, newest=fix.newest, applications=1, **sums)


def _sums() -> dict[str, Sum]:
    """A column of the same name would stand in their way."""
    return {f"sum_{name}": Sum(name) for name in SUMMED}
