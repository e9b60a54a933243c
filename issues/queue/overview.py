"""The numbers of the overview, from the table of counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Sum

from issues.models import Issue, IssueCount
from issues.severity.levels import WORST_FIRST, Level

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the funnel; ``width`` in percent, on a log scale."""

    name: str
    remark: str
    number: int
    tone: str
    width: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of active issues. ``by_severity`` by word. ``urgent``: critical or high by us, ``said_urgent`` by the vendor."""

    findings: int
    issues: int
    by_severity: dict[str, int]
    urgent: int
    said_urgent: int

    @property
    def funnel(self) -> list[Step]:
        steps = (
            ("Findings", "what the sources report", self.findings, "accent"),
            ("Issues", "one per CVE, software and application", self.issues, "accent"),
            ("Critical or high by the vendor", "before severity factors", self.said_urgent, "accent"),
            ("Critical or high by us", "after severity factors", self.urgent, "critical"),
        )
        whole = math.log(self.findings + 1) or 1.0
        return [Step(*step, width=min(100.0, 100 * math.log(step[2] + 1) / whole)) for step in steps]


def numbers(user: User) -> Numbers:
    """In one query, whatever the size."""
    active = IssueCount.objects.visible_to(user).filter(state=Issue.State.ACTIVE)
    cells = list(
        active.values_list("severity", "vendor_severity").annotate(number=Sum("issues"), total=Sum("findings"))
    )
    return Numbers(
        findings=sum(total for *_, total in cells),
        issues=sum(number for _, _, number, _ in cells),
        by_severity={
            level.word: sum(number for severity, _, number, _ in cells if severity == level) for level in WORST_FIRST
        },
        urgent=sum(number for severity, _, number, _ in cells if severity >= Level.HIGH),
        said_urgent=sum(number for _, vendor, number, _ in cells if vendor >= Level.HIGH),
    )
