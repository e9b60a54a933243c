"""What the standards would say of one application, and of one issue. Evidence for an auditor, not certification."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from typing import cast

from django.core.cache import cache
from django.db.models import Case, Count, IntegerField, Value, When
from django.utils import timezone

from issues.compliance.rules import Cell, Control, Standard, Tally, Touch, tally, touched
from issues.compliance.standards import DEADLINES, STANDARDS
from issues.models import Application, Issue
from issues.queue.application_numbers import Numbers

KEPT = 300  # seconds


@dataclass(frozen=True)
class Summary:
    """One control over the active issues of an application."""

    standard: Standard
    control: Control
    tallies: list[Tally]

    @property
    def name(self) -> str:
        return f"{self.standard.name} {self.control.id}"

    @cached_property
    def issues(self) -> int:
        return sum(each.issues for each in self.tallies)

    @cached_property
    def late(self) -> int:
        return sum(each.late for each in self.tallies)

    @property
    def in_time(self) -> int:
        return self.issues - self.late

    @property
    def has_deadline(self) -> bool:
        return any(rule.days is not None for rule in self.control.rules)

    @property
    def sentences(self) -> list[str]:
        """What is late, rule by rule; without deadlines how many issues there are."""
        return [each.sentence for each in self.tallies if each.late or each.rule.days is None]

    @property
    def query(self) -> str:
        """For the list of issues: the severities it is about, the oldest first. The list knows no ages, it is wider."""
        if any(rule.kev and rule.at_least == 0 for rule in self.control.rules) or not self.has_deadline:
            return "sort=first_seen"
        words = dict.fromkeys(level.word for each in self.tallies for level in each.levels)
        return "&".join([*(f"severity={word}" for word in words), "sort=first_seen"])


def compliance_of(application: Application, numbers: Numbers | None = None) -> list[Summary]:
    """Every control of every standard, in one query over its active issues; the caller has checked the access.

    With its ``numbers`` of now the answer is kept for some minutes, as long as they stay what they are: over 30,000
    issues it takes a tenth of a second.
    """
    cells = _cells(application, timezone.now()) if numbers is None else _kept_cells(application, numbers)
    return [
        Summary(standard, control, tally(control, cells)) for standard in STANDARDS for control in standard.controls
    ]


def worst_of(summaries: Collection[Summary], number: int) -> list[Summary]:
    """For a card: of each standard the control with most late issues, in the order of the standards."""
    best: dict[str, Summary] = {}
    for each in summaries:
        known = best.get(each.standard.key)
        if each.has_deadline and (known is None or each.late > known.late):
            best[each.standard.key] = each
    return list(best.values())[:number]


def controls_of(issue: Issue) -> list[Touch]:
    """What one issue bears on; of one that is over, whether it was in time."""
    age = (issue.resolved_at or timezone.now()) - issue.first_seen
    return touched(STANDARDS, issue.severity, kev=bool(issue.vulnerability.kev), age=age)


def _kept_cells(application: Application, numbers: Numbers) -> list[Cell]:
    mark = (application.pk, sorted(numbers.issues.items()), sorted(numbers.findings.items()))
    key = f"compliance-{blake2b(repr(mark).encode(), digest_size=12).hexdigest()}"
    if (cells := cache.get(key)) is None:
        cells = _cells(application, timezone.now())
        cache.set(key, cells, KEPT)
    return cast("list[Cell]", cells)


def _cells(application: Application, now: datetime) -> list[Cell]:
    """``issue_of_application`` leads to the issues; they are added up where they are."""
    older = [When(first_seen__lt=now - timedelta(days=days), then=Value(days)) for days in DEADLINES]
    counted = (
        Issue.objects.filter(application=application, state=Issue.State.ACTIVE)
        .order_by()
        .annotate(age=Case(*older, default=Value(0), output_field=IntegerField()))
        .values_list("severity", "vulnerability__kev", "age")
        .annotate(issues=Count("pk"))
    )
    return [Cell(severity, bool(kev), age, issues) for severity, kev, age, issues in counted]
