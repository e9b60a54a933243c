"""Facts to severity: what the source says, and the score the ledger begins with."""

from __future__ import annotations

from typing import Any

from issues.models import Issue
from issues.severity.levels import Level, starting_score


def assess(issue: Issue, facts: dict[str, Any]) -> None:
    """Vendor severity is the worst of the active findings; ours equals it until a factor speaks."""
    active = facts["active"] > 0
    severity, cvss, risk = ("severity", "cvss", "risk") if active else ("any_severity", "any_cvss", "any_risk")
    issue.vendor_severity = facts[severity]
    issue.start = starting_score(Level(issue.vendor_severity), facts[risk], facts[cvss])
    if not issue.overridden:
        issue.severity, issue.score = issue.vendor_severity, issue.start
