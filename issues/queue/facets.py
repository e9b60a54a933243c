"""How many issues each option of each filter would show, all other filters applied, and how many show now.

The numbers come from ``IssueCount``, in one question for applications, which may be many, and one for all the rest.
When a filter is active that only issues can answer, they are counted from the issues, up to a limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum

from issues.models import Issue, IssueCount
from issues.queue.cells import COLUMNS, Cell, failing, without
from issues.queue.filters import IssueFilterSet, conditions

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

MOST = 100_000  # issues counted one by one
FACETS = ("source_tool", "connection", "severity", "vendor_severity", "change", "application", "state")
OF_APPLICATIONS = ("application", "application_tag", "business_priority")
NOBODY = 0  # the application of a cell that is summed up over all of them


@dataclass
class Counts:
    """``by[facet][value]`` as the columns hold it; source tools by connector. ``capped``: more than were counted."""

    total: int = 0
    capped: bool = False
    by: dict[str, Counter[Any]] = field(default_factory=dict)


def count(
    filters: IssueFilterSet, user: User | AnonymousUser, connectors: dict[int, str], application: int | None = None
) -> Counts:
    """``connectors``: the connector of every connection. With ``application`` only its issues count."""
    scope = Q() if application is None else Q(application=application)
    if filters.row_conditions:
        cells = _counted(filters, user, scope)
        counts = _add_up(_summed(cells, filters), filters, connectors)
        counts.by["application"] = _by_application(cells, filters)
        counts.capped = sum(cell.issues for cell in cells) > MOST
    else:
        kept = IssueCount.objects.visible_to(user).filter(scope, _owned(filters)).order_by()
        differing = filters.owned.differing(user, scope) if filters.owned is not None else []
        counts = _add_up([*_kept(kept, filters), *_summed(differing, filters)], filters, connectors)
        counts.by["application"] = _kept_by_application(kept, filters) + _by_application(differing, filters)
    return counts


def total(filters: IssueFilterSet, user: User | AnonymousUser) -> int:
    """Only how many pass, exactly."""
    if filters.row_conditions:
        return filters.filter_queryset(Issue.objects.visible_to(user)).count()
    counted = IssueCount.objects.visible_to(user).filter(_owned(filters), *conditions(filters.wanted))
    differing = filters.owned.differing(user, Q()) if filters.owned is not None else []
    more = sum(cell.issues for cell in differing if not failing(cell, filters.wanted))
    return (counted.aggregate(total=Sum("issues"))["total"] or 0) + more


def _owned(filters: IssueFilterSet) -> Q:
    """On counts: the applications of the owner. What is an issue's own is counted apart."""
    return Q() if filters.owned is None else Q(application__in=filters.owned.applications)


def _kept(kept: Any, filters: IssueFilterSet) -> list[Cell]:
    """Cells without their application, of the applications that pass."""
    only = {name: filters.wanted[name] for name in OF_APPLICATIONS if name in filters.wanted}
    rows = kept.filter(*conditions(only)).values_list("connection_id", "state", "severity", "vendor_severity")
    return [
        Cell(connection, NOBODY, state, severity, vendor, issues)
        for connection, state, severity, vendor, issues in rows.annotate(Sum("issues"))
    ]


def _kept_by_application(kept: Any, filters: IssueFilterSet) -> Counter[int]:
    rows = kept.filter(*conditions(without(filters.wanted, "application"))).values_list("application_id")
    return Counter({pk: issues for pk, issues in rows.annotate(Sum("issues")) if issues})


def _counted(filters: IssueFilterSet, user: User | AnonymousUser, scope: Q) -> list[Cell]:
    """Cells of what passes the conditions on issues."""
    visible = Issue.objects.visible_to(user).filter(scope).order_by()
    if filters.owned is not None:
        visible = visible.filter(filters.owned.condition)
    if filters.few is not None:
        return [Cell(*row) for row in visible.filter(pk__in=filters.few).values_list(*COLUMNS)]
    some = visible.filter(*filters.row_conditions).values("pk")[: MOST + 1]
    grouped = Issue.objects.filter(pk__in=some).order_by().values_list(*COLUMNS)
    return [Cell(*row) for row in grouped.annotate(issues=Count("pk"))]


def _summed(cells: Iterable[Cell], filters: IssueFilterSet) -> list[Cell]:
    only = {name: filters.wanted[name] for name in OF_APPLICATIONS if name in filters.wanted}
    sums: Counter[Cell] = Counter()
    for cell in cells:
        if not (only and failing(cell, only)):
            sums[cell._replace(application=NOBODY, issues=0)] += cell.issues
    return [cell._replace(issues=issues) for cell, issues in sums.items()]


def _by_application(cells: Iterable[Cell], filters: IssueFilterSet) -> Counter[int]:
    others = without(filters.wanted, "application")
    sums: Counter[int] = Counter()
    for cell in cells:
        if not failing(cell, others):
            sums[cell.application] += cell.issues
    return sums


def _add_up(cells: Iterable[Cell], filters: IssueFilterSet, connectors: dict[int, str]) -> Counts:
    """A cell counts for an option when every filter but the option's own lets it pass."""
    wanted = without(filters.wanted, *OF_APPLICATIONS)
    counts = Counts(by={name: Counter() for name in FACETS})
    for cell in cells:
        fails = failing(cell, wanted)
        if not fails:
            counts.total += cell.issues
        if len(fails) > 1:
            continue
        said = {
            "source_tool": connectors.get(cell.connection, ""), "connection": cell.connection, "state": cell.state,
            "severity": cell.severity, "vendor_severity": cell.vendor_severity, "change": cell.change,
        }  # fmt: skip
        for name in fails or said:
            counts.by[name][said[name]] += cell.issues
    return counts
