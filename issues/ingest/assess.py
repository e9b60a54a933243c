"""Facts to severity: what the source says, and the score the ledger begins with."""

from __future__ import annotations

from typing import Any

from issues.models import Issue
from issues.severity.levels import Level, starting_score


def assess(issue: Issue, facts: dict[str, Any]) -> None:
    """Vendor severity is the worst of the active findings; ours equals it until a factor speaks."""
    which = "active" if facts["active"] else "any"  # of a closed issue, what it was
    issue.vendor_severity = facts[f"{which}_severity"]
    issue.start = starting_score(Level(issue.vendor_severity), facts[f"{which}_risk"], facts[f"{which}_cvss"])
    if not issue.overridden:
        issue.severity, issue.score = issue.vendor_severity, issue.start
