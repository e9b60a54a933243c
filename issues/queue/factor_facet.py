"""How many issues each severity factor speaks in, all other filters applied."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from issues.models import Application, Issue
from issues.queue.filters import IssueFilterSet, conditions
from issues.severity.factors import FACTORS, codes_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def factor_options(filters: IssueFilterSet, user: User, application: Application | None = None) -> list[dict[str, Any]]:
    """Options of a facet, in the order of a ledger; without those that would find nothing and are not chosen.

    With ``application`` only its issues count.

    One query that groups by sets of factors, of which there are few however many issues there are.
    """
    chosen = filters.values.get("factor", ())
    others = filters.row_conditions[:-1] if chosen else filters.row_conditions  # its own condition is the last one
    passing = Issue.objects.visible_to(user).filter(*others, *conditions(filters.wanted)).order_by()
    if filters.owned is not None:
        passing = passing.filter(filters.owned.condition)
    if application is not None:
        passing = passing.filter(application=application)
    counted: Counter[str] = Counter()
    for bits, issues in passing.values_list("factor_bits").annotate(Count("pk")):
        for code in codes_of(bits):
            counted[code] += issues
    return [
        {"value": code, "label": factor.name, "count": counted[code], "selected": code in chosen}
        for code, factor in FACTORS.items()
        if counted[code] or code in chosen
    ]
