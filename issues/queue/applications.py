"""Applications with their numbers: as a ranking, and one at a time. The list is in ``application_list``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from issues.models import Application, Endpoint, Issue, Software
from issues.models.endpoint import mapping_reason
from issues.queue.application_numbers import Numbers, numbers_for, numbers_of
from issues.severity.levels import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Row:
    """``counts`` are active issues by severity word; ``owners`` are user names."""

    application: Application
    endpoints: int
    issues: int
    counts: dict[str, int]
    owners: list[str]
    risk: int


def riskiest(user: User, number: int) -> list[Row]:
    """Those with the highest risk score; without those that have no active issue."""
    numbers = numbers_for(user)
    worst = sorted((pk for pk in numbers if numbers[pk].total), key=lambda pk: (-numbers[pk].risk, pk))[:number]
    found = Application.objects.visible_to(user).with_owners().in_bulk(worst)
    return [_row(found[pk], numbers[pk]) for pk in worst if pk in found]


def one_application(user: User, slug: str) -> Row | None:
    """None when there is none of that name, or the user may not see it."""
    rows = rows_of(Application.objects.visible_to(user).filter(slug=slug).with_owners())
    return rows[0] if rows else None


def rows_of(applications: Iterable[Application]) -> list[Row]:
    """Of applications that were loaded ``with_owners``."""
    found = list(applications)
    numbers = numbers_of([each.pk for each in found])
    return [_row(each, numbers.get(each.pk, Numbers())) for each in found]


def _row(application: Application, numbers: Numbers) -> Row:
    return Row(
        application=application,
        endpoints=numbers.endpoints,
        issues=numbers.total,
        counts=numbers.counts,
        owners=[member.user.get_username() for member in application.owners],  # type: ignore[attr-defined]
        risk=numbers.risk,
    )


def busiest_software(application: Application, number: int) -> list[tuple[Software, int, dict[str, int]]]:
    """Software with the most active issues there, how many, and these by severity word."""
    cells = (
        Issue.objects.filter(application=application, state=Issue.State.ACTIVE)
        .order_by()
        .values_list("software", "severity")
        .annotate(n=Count("pk"))
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    totals: Counter[int] = Counter()
    for software, severity, n in cells:
        counts[software][Level(severity).word] = n
        totals[software] += n
    top = [pk for pk, _ in totals.most_common(number)]
    found = Software.objects.in_bulk(top)
    return [(found[pk], totals[pk], counts[pk]) for pk in top]


def mapped_by(application: Application) -> list[tuple[str, int]]:
    """How its endpoints came to it: a sentence and how many, the most first."""
    groups = (
        Endpoint.objects.filter(application=application)
        .order_by()
        .values("mapped_by__name", "pinned")
        .annotate(n=Count("pk"))
    )
    reasons: Counter[str] = Counter()
    for group in groups:
        rule, unassigned = group["mapped_by__name"] or "", application.is_unassigned
        reasons[mapping_reason(pinned=group["pinned"], rule=rule, unassigned=unassigned)] += group["n"]
    return reasons.most_common()
