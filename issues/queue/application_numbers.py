"""How bad it is in some applications, from counts that are kept: two questions, whatever the number of findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet, Sum

from issues.models import Application, Endpoint, Issue, IssueCount
from issues.severity.levels import WORST_FIRST, Level
from issues.severity.risk import risk


@dataclass(slots=True)
class Numbers:
    """``issues`` and ``findings`` are active ones, by the severity of the issue; absent is none."""

    endpoints: int = 0
    issues: dict[Level, int] = field(default_factory=dict)
    findings: dict[Level, int] = field(default_factory=dict)

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
        return risk(self.findings)


def numbers_of(applications: Collection[int] | QuerySet[Application, Any]) -> Mapping[int, Numbers]:
    """By key; one that has neither endpoints nor active issues is missing."""
    found: dict[int, Numbers] = {}
    active = IssueCount.objects.filter(application__in=applications, state=Issue.State.ACTIVE).order_by()
    cells = active.values_list("application_id", "severity").annotate(Sum("issues"), Sum("findings"))
    for pk, severity, issues, findings in cells:
        numbers = found.setdefault(pk, Numbers())
        numbers.issues[Level(severity)], numbers.findings[Level(severity)] = issues, findings
    hosts = Endpoint.objects.filter(application__in=applications).order_by().values_list("application_id")
    for pk, endpoints in hosts.annotate(Count("pk")):
        found.setdefault(pk, Numbers()).endpoints = endpoints
    return found
