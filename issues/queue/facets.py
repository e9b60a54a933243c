"""How many issues each option of each filter would show, all other filters applied, and how many show now.

One query brings *cells*: how many issues there are of each connection, application, state and severity. They come
from ``IssueCount``, or from the issues themselves when a filter is active that only those can answer. The
rest is adding up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, Q, Sum

from issues.models import Issue, IssueCount
from issues.queue.filters import IssueFilterSet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

MOST = 100_000  # issues counted one by one
COLUMNS = ("connection_id", "application_id", "state", "severity", "vendor_severity")


class Cell(NamedTuple):
    connection: int
    application: int
    state: str
    severity: int
    vendor_severity: int
    issues: int

    @property
    def change(self) -> str:
        if self.severity == self.vendor_severity:
            return "same"
        return "raised" if self.severity > self.vendor_severity else "lowered"


@dataclass
class Counts:
    """``by[dimension][value]`` as the columns hold it. ``capped``: there are more than were counted."""

    total: int = 0
    capped: bool = False
    by: dict[str, Counter[Any]] = field(default_factory=dict)


# What a cell says for each filter. "owner" asks for the application as well, and is no facet.
READ: dict[str, Callable[[Cell], Any]] = {
    "connection": lambda cell: cell.connection,
    "severity": lambda cell: cell.severity,
    "vendor_severity": lambda cell: cell.vendor_severity,
    "change": lambda cell: cell.change,
    "application": lambda cell: cell.application,
    "state": lambda cell: cell.state,
    "owner": lambda cell: cell.application,
}
FACETS = ("source_tool", "connection", "severity", "vendor_severity", "change", "application", "state")


def count(
    filters: IssueFilterSet, user: User | AnonymousUser, connectors: dict[int, str], application: int | None = None
) -> Counts:
    """``connectors``: the connector of every connection. With ``application`` only its issues count."""
    scope = Q() if application is None else Q(application=application)
    cells, capped = _cells(filters, user, scope)
    counts = _add_up(cells, filters.wanted, connectors)
    counts.capped = capped
    return counts


def total(filters: IssueFilterSet, user: User | AnonymousUser) -> int:
    """Only how many pass, exactly."""
    if filters.row_conditions:
        return filters.filter_queryset(Issue.objects.visible_to(user)).count()
    counted = IssueCount.objects.visible_to(user).filter(*filters.dimension_conditions)
    return counted.aggregate(total=Sum("issues"))["total"] or 0


def _cells(filters: IssueFilterSet, user: User | AnonymousUser, scope: Q) -> tuple[list[Cell], bool]:
    if not filters.row_conditions:
        kept = IssueCount.objects.visible_to(user).filter(scope, issues__gt=0)
        return [Cell(*row) for row in kept.values_list(*COLUMNS, "issues")], False
    some = filters.narrow(Issue.objects.visible_to(user).filter(scope)).order_by()
    grouped = Issue.objects.filter(pk__in=some.values("pk")[: MOST + 1]).order_by().values_list(*COLUMNS)
    cells = [Cell(*row) for row in grouped.annotate(issues=Count("pk"))]
    return cells, sum(cell.issues for cell in cells) > MOST


def _add_up(cells: Iterable[Cell], wanted: dict[str, frozenset[Any]], connectors: dict[int, str]) -> Counts:
    """A cell counts for an option when every filter but the option's own lets it pass."""
    read = READ | {"source_tool": lambda cell: connectors.get(cell.connection, "")}
    asked = [(name, read[name], values) for name, values in wanted.items()]
    counts = Counts(by={name: Counter() for name in FACETS})
    facets = [(name, read[name], counts.by[name]) for name in FACETS]
    for cell in cells:
        failing = [name for name, value_of, values in asked if value_of(cell) not in values]
        if not failing:
            counts.total += cell.issues
        if len(failing) > 1:
            continue
        for name, value_of, counter in facets:
            if not failing or failing[0] == name:
                counter[value_of(cell)] += cell.issues
    return counts
