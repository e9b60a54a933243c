"""The software of one application, from the counters that fixes are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import QueryDict

from issues.models import Application, Fix
from issues.queue.fields import LONGEST

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZE = 50
SORTS: dict[str, str] = {
    "name": "software__name",
    "issues": "issues",
    "endpoints": "endpoints",
    "exploited": "exploited",
    "risk": "risk",
}
DEFAULT = "-risk"


@dataclass(frozen=True, slots=True)
class Line:
    fix: Fix

    @property
    def mix(self) -> dict[str, int]:
        """Its issues by severity word; the rest are of no or unknown severity."""
        said = {word: getattr(self.fix, word) for word in ("critical", "high", "medium", "low")}
        return said | {"unknown": max(0, self.fix.issues - sum(said.values()))}


@dataclass(frozen=True, slots=True)
class SoftwareList:
    page: Page[Fix]
    sort: str
    q: str

    @property
    def lines(self) -> list[Line]:
        return [Line(fix) for fix in self.page.object_list]


def list_software(user: User, query: QueryDict, application: Application) -> SoftwareList:
    """One page as the address asks for it: ``q`` in the name or the vendor, ``sort``, ``page``."""
    q, sort = query.get("q", "").strip()[:LONGEST].replace("\0", ""), query.get("sort", DEFAULT)
    if sort.removeprefix("-") not in SORTS:
        sort = DEFAULT
    found: QuerySet[Fix] = Fix.objects.visible_to(user).filter(application=application, issues__gt=0)
    if q:
        found = found.filter(software__name__icontains=q) | found.filter(software__vendor__icontains=q)
    column = F(SORTS[sort.removeprefix("-")])
    order = column.desc() if sort.startswith("-") else column.asc()
    rows = found.select_related("software").order_by(order, "software__name", "pk")
    return SoftwareList(Paginator(rows, SIZE).get_page(query.get("page")), sort, q)
