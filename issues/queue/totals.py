"""How many issues there are of each state, and in the same question how old the feeds are: every page shows both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet, Subquery, Sum

from issues.models import Application, Feed, IssueCount
from issues.models.issue_count import IssueCountQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Around:
    """``issues`` by state. ``feeds``: when each was published, None if it was not loaded; empty without any issue."""

    issues: dict[str, int]
    feeds: dict[Feed.Name, datetime | None]


def issue_totals(user: User, application: Application | None = None) -> dict[str, int]:
    """Of what the user may see, or of one application; a state without issues may be missing."""
    counted = IssueCount.objects.visible_to(user)
    if application is not None:
        counted = counted.filter(application=application)
    return dict(_by_state(counted))


def around(user: User) -> Around:
    """One question."""
    feeds = {name.value: Subquery(Feed.objects.filter(name=name).values("published_at")) for name in Feed.Name}
    rows = list(_by_state(IssueCount.objects.visible_to(user)).annotate(**feeds))
    published = dict(zip(Feed.Name, rows[0][2:], strict=True)) if rows else {}
    return Around({state: total for state, total, *_ in rows}, published)


def _by_state(counted: IssueCountQuerySet) -> QuerySet[IssueCount, Any]:
    """Rows of state and number."""
    return counted.order_by().values_list("state").annotate(total=Sum("issues"))
