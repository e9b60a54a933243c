"""Why an issue's severity is what it is, in the words and numbers of its page."""

from __future__ import annotations

from typing import Any

from django.db.models import Max

from issues.models import Decision, Issue
from issues.severity.levels import BANDS, Level


def ledger_of(issue: Issue, by_hand: Decision | None = None) -> dict[str, Any]:
    """``start`` {what, why, value}, ``factors`` as stored, ``sum`` {what, why, value}. ``by_hand``: its severity."""
    vendor, ours = Level(issue.vendor_severity), Level(issue.severity)
    start = {
        "what": f"{issue.source_tool} says {vendor.label}" if vendor else f"{issue.source_tool} names no severity",
        "why": _start(issue, vendor),
        "value": issue.start,
    }
    end = {"what": f"Ours: {ours.label}", "why": _end(issue, by_hand), "value": issue.score}
    return {"start": start, "factors": issue.factors, "sum": end}


def headline(issue: Issue) -> str:
    ours, vendor = Level(issue.severity).label, Level(issue.vendor_severity).label
    return f"Why this is {ours}" if ours == vendor else f"Why this is {ours} and not {vendor}"


def _start(issue: Issue, vendor: Level) -> str:
    """Which number the ledger begins with; the same choice as ``starting_score``."""
    findings = issue.all_findings.active() if issue.findings else issue.all_findings.all()
    said = findings.aggregate(risk=Max("risk_score"), cvss=Max("cvss"))
    lowest, highest = BANDS[vendor]
    band = f"{vendor.label}, {lowest} to {highest}"
    if said["risk"] is not None:
        name, known = f"The risk score of {issue.source_tool}", said["risk"]
    elif said["cvss"] is not None:
        name, known = f"The base score of {issue.vulnerability.cvss_name}", said["cvss"]
    elif vendor is Level.UNKNOWN:
        return "It gives no score either, so there is nothing to begin with."
    else:
        return f"It gives no score, so the ledger begins in the middle of {band}."
    if round(known, 1) == issue.start:
        return f"{name} is {known:.1f}."
    return f"{name} is {known:.1f}, held inside {band}."


def _end(issue: Issue, by_hand: Decision | None) -> str:
    if issue.overridden:
        return f"{by_hand.user or 'A person'} set it by hand: {by_hand.reason}" if by_hand else "Set by hand."
    if not issue.factors:
        return "No severity factor applies, so our severity is the vendor’s."
    return f"By rule set version {issue.rules_version}. No person has overridden it."
