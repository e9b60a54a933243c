"""The risk score, in one place: what applications and fixes are ordered by.

Every active finding counts by the severity of its issue. A critical one counts as much as four high ones;
weights are ours: a week of work on criticals should never lose to a heap of low ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from issues.severity.levels import Level

POINTS: Mapping[Level, int] = {
    Level.CRITICAL: 40,
    Level.HIGH: 10,
    Level.MEDIUM: 3,
    Level.LOW: 1,
    Level.INFO: 0,
    Level.UNKNOWN: 1,
}

IN_WORDS = "Each active finding counts 40 when its issue is critical, 10 when high, 3 when medium, 1 when low."


def risk(findings: Mapping[Level, int]) -> int:
    """Of active findings by the severity of their issues."""
    return sum(POINTS[level] * number for level, number in findings.items())
