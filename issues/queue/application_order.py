"""The orders that the list of applications may stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from issues.models import Application, ApplicationDay
from issues.queue.application_filters import Traits
from issues.queue.application_numbers import endpoints_by_application, issues_by_application, risk_by_application
from issues.queue.trends import utc_today
from issues.severity.levels import WORST_FIRST

if TYPE_CHECKING:
    from django.contrib.auth.models import User

WEEK = 7  # days
DEFAULT = "-risk"
Keys = Mapping[int, int]  # by application, what it is sorted by; one that is missing stands last whichever way
Order = Callable[["User", Sequence[Traits]], Keys]


def in_order(user: User, found: list[Traits], sort: str) -> list[Traits]:
    """``found`` stand by name, and equal ones stay so. ``sort`` is one of ``SORTS``, with "-" before it to turn it."""
    order, turned = SORTS[sort.removeprefix("-")], sort.startswith("-")
    if order is None:
        return found[::-1] if turned else found
    keys = order(user, found)
    known = sorted((it for it in found if it.pk in keys), key=lambda it: keys[it.pk], reverse=turned)
    return known + [it for it in found if it.pk not in keys]


def _counted(count: Callable[[User], Mapping[int, int]]) -> Order:
    def keys(user: User, found: Sequence[Traits]) -> Keys:
        numbers = count(user)
        return {it.pk: numbers.get(it.pk, 0) for it in found}

    return keys


def _priorities(user: User, found: Sequence[Traits]) -> Keys:
    return {it.pk: it.business_priority for it in found if not it.is_unassigned}


def _changes(user: User, found: Sequence[Traits]) -> Keys:
    now, then = issues_by_application(user), issues_a_week_ago(it.pk for it in found)
    return {pk: now.get(pk, 0) - before for pk, before in then.items()}


def issues_a_week_ago(applications: Iterable[int]) -> dict[int, int]:
    """Active issues at the end of that day, or of the last one before it that was counted. One question."""
    day = utc_today() - timedelta(days=WEEK)
    last = ApplicationDay.objects.filter(application=OuterRef("pk"), day__lte=day).order_by("-day").values("pk")[:1]
    days = Application.objects.filter(pk__in=list(applications)).order_by().annotate(last=Subquery(last)).values("last")
    words = (level.word for level in WORST_FIRST)
    rows = ApplicationDay.objects.filter(pk__in=days).order_by().values_list("application_id", *words)
    return {pk: sum(counts) for pk, *counts in rows}


# None: as they stand already, by name.
SORTS: Mapping[str, Order | None] = {
    "name": None,
    "priority": _priorities,
    "endpoints": _counted(endpoints_by_application),
    "issues": _counted(issues_by_application),
    "risk": _counted(risk_by_application),
    "change": _changes,
}
