"""What a risk row says, with the paid module (``vm``) and without it (``none``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.sources.simulator import clock
from connectors.sources.simulator.clock import DAY_MS
from connectors.sources.simulator.dice import number
from connectors.sources.simulator.endpoints import Endpoint
from connectors.sources.simulator.profiles import Template

PLAIN_MARK: dict[str, Any] = {"markType": "", "markedBy": None, "markedDate": None, "reason": None}
MARKED = {"markedBy": "jana.keller@larkfield.example", "markedDate": "2026-01-19T10:12:44.120000Z"}
MARKS: tuple[dict[str, Any], ...] = (  # the console's spec leaves the type open: text, object and null occur
    {"markType": "False Positive", **MARKED, "reason": "Not affected: the module is not loaded here"},
    {"markType": {"type": "FALSE_POSITIVE", "description": "False Positive"}, **MARKED, "reason": "Backported fix"},
    {"markType": None, "markedBy": None, "markedDate": None, "reason": None},
    {"markType": {"type": "ADDED_CVE", "description": "Added CVE"}, **MARKED, "reason": "Reported by hand"},
)
FALSE_POSITIVES = (0, 1)


@dataclass(slots=True)
class Change:
    """How one finding differs from what the layout says of it."""

    updated_ms: int
    removed: bool = False
    mark: int | None = None
    severity: str = ""
    score: str = ""


def template_row(template: Template, sku: str) -> dict[str, Any]:
    """The part of a row that depends on vulnerability and version alone."""
    found, product = template.vulnerability, template.software
    row: dict[str, Any] = {
        "application": f"{product.name} {template.version}",
        "applicationName": product.name,
        "applicationVendor": product.vendor,
        "applicationVersion": template.version,
        "cveId": found.cve,
        "cvssVersion": "3.1" if found.score else None,
        "publishedDate": clock.text_seconds(found.published_ms),
        "severity": found.severity,
        "status": "Detected",
        **(template_mark(template) or PLAIN_MARK),
    }
    row.update(_module(template) if sku == "vm" else {"baseScore": found.score})
    return row


def template_mark(template: Template) -> dict[str, Any] | None:
    """A few vulnerabilities of a software are marked wherever they occur."""
    chance = number("mark", template.vulnerability.cve, template.software.key) % 160
    return MARKS[chance] if chance in FALSE_POSITIVES else None


def _module(template: Template) -> dict[str, Any]:
    found = template.vulnerability
    chance = number("module", found.cve, found.software)
    published = "Confirmed" if chance % 9 else "Reasonable"
    fix = ("Workaround", "Unavailable", "Temporary Fix")[chance % 3] if chance % 11 == 0 else "Official Fix"
    return {
        "nvdBaseScore": found.score,
        "nvdCvssVersion": "3.1" if found.score else None,
        "riskScore": _risk_score(found.score, found.maturity),
        "exploitCodeMaturity": found.maturity,
        "remediationLevel": fix if found.score else None,
        "reportConfidence": published,
        **_mitigation(chance % 100, found.published_ms),
    }


def _risk_score(score: str | None, maturity: str) -> str | None:
    if score is None:
        return None
    factor = {"High": 1.0, "Functional": 0.97, "Proof of Concept": 0.94, "Unproven": 0.87}.get(maturity, 0.95)
    return f"{float(score) * factor:.2f}"


def _mitigation(chance: int, published_ms: int) -> dict[str, Any]:
    word = "To be patched" if chance < 6 else "On hold" if chance < 8 else "Not mitigated"
    decided = word != "Not mitigated"
    return {
        "mitigationStatus": word,
        "mitigationStatusReason": "Waits for the next maintenance window" if word == "On hold" else None,
        "mitigationStatusChangedBy": "ines.falk@larkfield.example" if decided else None,
        "mitigationStatusChangeTime": clock.text(published_ms + 30 * DAY_MS, 311) if decided else None,
    }


def endpoint_row(endpoint: Endpoint, scanned_ms: int) -> dict[str, Any]:
    """The part of a row that depends on the endpoint alone."""
    return {
        "endpointId": endpoint.id,
        "endpointName": endpoint.name,
        "endpointType": endpoint.type,
        "osType": endpoint.role.os,
        "lastScanDate": clock.text_seconds(scanned_ms),
        "lastScanResult": "Failed" if endpoint.roll % 31 == 4 else "Succeeded",
    }


def changed_row(row: dict[str, Any], change: Change, sku: str) -> dict[str, Any]:
    """A whole row as it reads after its change."""
    row = {**row, **(MARKS[change.mark] if change.mark is not None else {})}
    if change.removed:
        row["status"] = "Removed"
    if change.severity:
        row["severity"] = change.severity
        row["baseScore" if sku == "none" else "nvdBaseScore"] = change.score
    return row
