"""How bad it is in some applications, from counts that are kept: two questions, whatever the number of findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet, Sum

from issues.models import Endpoint, Issue, IssueCount
from issues.severity.levels import WORST_FIRST
from issues.severity.risk import risk

if TYPE_CHECKING:
    from django.contrib.auth.models import User


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
    """By key; one that has neither endpoints nor active issues is missing."""
    some = list(applications)
    return _numbers(IssueCount.objects.filter(application__in=some), Endpoint.objects.filter(application__in=some))


def numbers_for(user: User) -> Mapping[int, Numbers]:
    """As ``numbers_of``, of all that the user may see."""
    return _numbers(IssueCount.objects.visible_to(user), Endpoint.objects.visible_to(user))


def _numbers(counts: QuerySet[IssueCount], endpoints: QuerySet[Endpoint]) -> Mapping[int, Numbers]:
    found: dict[int, Numbers] = {}
    active = counts.filter(state=Issue.State.ACTIVE).order_by()
    cells = active.values_list("application_id", "severity").annotate(Sum("issues"), Sum("findings"))
    for pk, severity, issues, findings in cells:
        numbers = found.setdefault(pk, Numbers())
        numbers.issues[severity], numbers.findings[severity] = issues, findings
    for pk, hosts in endpoints.order_by().values_list("application_id").annotate(Count("pk")):
        found.setdefault(pk, Numbers()).endpoints = hosts
    return found
