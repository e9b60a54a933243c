"""How bad it is in some applications, from counts that are kept, whatever the number of findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Case, Count, F, QuerySet, Sum, When
from django.db.models.expressions import Combinable

from issues.models import Endpoint, Issue, IssueCount
from issues.severity.levels import WORST_FIRST
from issues.severity.risk import POINTS, risk

if TYPE_CHECKING:
    from django.contrib.auth.models import User

RISK = F("findings") * Case(*(When(severity=level, then=points) for level, points in POINTS.items()), default=0)


@dataclass(slots=True)
class Numbers:
    """``issues`` and ``findings`` are active ones, by the severity of the issue as its number; absent is none."""

    endpoints: int = 0
    issues: dict[int, int] = field(default_factory=dict)
    findings: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Issues."""
        return sum(self.issues.values())

    @property
    def counts(self) -> dict[str, int]:
        """Issues by severity word, the worst first."""
        return {level.word: self.issues.get(level, 0) for level in WORST_FIRST}

    @property
    def risk(self) -> int:
        return risk({level: self.findings[level] for level in WORST_FIRST if level in self.findings})


def numbers_of(applications: Collection[int]) -> Mapping[int, Numbers]:
    """By key; one that has neither endpoints nor active issues is missing. Two questions."""
    found: dict[int, Numbers] = {}
    some = list(applications)
    cells = _active(IssueCount.objects.filter(application__in=some)).values_list("application_id", "severity")
    for pk, severity, issues, findings in cells.annotate(Sum("issues"), Sum("findings")):
        numbers = found.setdefault(pk, Numbers())
        numbers.issues[severity], numbers.findings[severity] = issues, findings
    for pk, endpoints in _hosts(Endpoint.objects.filter(application__in=some)):
        found.setdefault(pk, Numbers()).endpoints = endpoints
    return found


# What lists are ordered by: one number for each of all that the user may see, in one question. One without is missing.


def endpoints_by_application(user: User) -> Mapping[int, int]:
    return dict(_hosts(Endpoint.objects.visible_to(user)))


def issues_by_application(user: User) -> Mapping[int, int]:
    return dict(_by_application(user, "issues"))


def risk_by_application(user: User) -> Mapping[int, int]:
    """Of those that have active issues."""
    return dict(_by_application(user, RISK))


def _by_application(user: User, number: str | Combinable) -> QuerySet[IssueCount, tuple[int, int]]:
    counted = _active(IssueCount.objects.visible_to(user)).filter(issues__gt=0)
    return counted.values_list("application_id").annotate(n=Sum(number))


def _active(counts: QuerySet[IssueCount]) -> QuerySet[IssueCount]:
    return counts.filter(state=Issue.State.ACTIVE).order_by()


def _hosts(endpoints: QuerySet[Endpoint]) -> QuerySet[Endpoint, tuple[int, int]]:
    return endpoints.order_by().values_list("application_id").annotate(n=Count("pk"))
