"""One risk row of the console as a finding. Pure: no network, no clock."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from connectors.sources.records import FindingRecord, Severity
from connectors.sources.sentinelone.evidence import evidence
from connectors.sources.sentinelone.values import Raw, missing, moment, name, number, required_ident, text

SEVERITIES = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "info": Severity.INFO,
}
# Marks other than "false positive" that the console's own filter on analysts' verdicts knows.
NOT_A_FALSE_POSITIVE = frozenset({"", "default", "none", "null", "false", "addedcve", "falsenegative", "fn"})


KINDS = 4096  # of rows remembered: about five megabytes

# What a row says of its CVE and software, which many rows share: read once, not once for every endpoint.
SHARED = (
    "cveId",
    "applicationVendor",
    "applicationName",
    "application",
    "applicationVersion",
    "severity",
    "nvdBaseScore",
    "nvdCvssVersion",
    "baseScore",
    "cvssVersion",
    "riskScore",
    "exploitCodeMaturity",
    "remediationLevel",
    "reportConfidence",
    "mitigationStatus",
    "publishedDate",
)


class Kind(NamedTuple):
    """The part of a record that rows of the same CVE in the same software share."""

    cve: str
    vendor: str
    name: str
    version: str
    severity: Severity
    cvss: float | None
    cvss_version: str
    risk_score: float | None
    exploit_maturity: str
    remediation_level: str
    report_confidence: str
    mitigation_status: str
    published_at: datetime | None


def finding_record(raw: Raw) -> FindingRecord:
    """Raises ``BrokenRecord`` naming the field when id, cveId, endpointId or the software's name is missing."""
    get = raw.get
    external_id = required_ident(raw, "id")
    kind = _kind(raw)
    mark = get("markType")
    marked, why = _mark(raw) if mark else (False, "")
    return FindingRecord(
        external_id,
        kind.cve,
        kind.vendor,
        kind.name,
        kind.version,
        required_ident(raw, "endpointId"),
        name(get("endpointName")),
        text(get("endpointType")).lower(),
        text(get("osType")).lower(),
        kind.severity,
        kind.cvss,
        kind.cvss_version,
        kind.risk_score,
        kind.exploit_maturity,
        kind.remediation_level,
        kind.report_confidence,
        kind.mitigation_status,
        marked,
        why if marked else "",
        moment(get("detectionDate")),
        kind.published_at,
        evidence(raw),
    )


def _kind(raw: Raw) -> Kind:
    said = tuple(map(raw.get, SHARED))
    try:
        return _read_kind(*said)
    except TypeError:  # a list or an object where text belongs can't be remembered
        return _read_kind.__wrapped__(*said)


@lru_cache(maxsize=KINDS, typed=True)  # true is no 1 here
def _read_kind(*said: Any) -> Kind:
    raw = dict(zip(SHARED, said, strict=True))
    version, nvd = name(raw["applicationVersion"]), number(raw["nvdBaseScore"])
    base_version = text(raw["cvssVersion"])
    return Kind(
        cve=required_ident(raw, "cveId").upper(),
        vendor=name(raw["applicationVendor"]),
        name=_software_name(raw, version),
        version=version,
        severity=SEVERITIES.get(text(raw["severity"]).lower(), Severity.UNKNOWN),
        cvss=number(raw["baseScore"]) if nvd is None else nvd,
        cvss_version=base_version if nvd is None else text(raw["nvdCvssVersion"]) or base_version,
        risk_score=number(raw["riskScore"]),
        exploit_maturity=text(raw["exploitCodeMaturity"]),
        remediation_level=text(raw["remediationLevel"]),
        report_confidence=text(raw["reportConfidence"]),
        mitigation_status=text(raw["mitigationStatus"]),
        published_at=moment(raw["publishedDate"]),
    )


def _software_name(raw: Raw, version: str) -> str:
    """``applicationName``, or ``application`` (name, blank, version) without the version."""
    found = name(raw.get("applicationName"))
    if found:
        return found
    whole = name(raw.get("application"))
    found = whole.removesuffix(version).strip() if version else whole
    if not found:
        raise missing("applicationName")
    return found


def _mark(raw: Raw) -> tuple[bool, str]:
    """Whether an analyst marked the row as a false positive in the console, and why.

    ``markType`` was seen empty and as an object with a description; the row's other fields tell the reason.
    """
    said = _mark_text(raw.get("markType"))
    marked = "".join(c for c in said.lower() if c.isalnum()) not in NOT_A_FALSE_POSITIVE
    return marked, name(raw.get("reason")) or said


def _mark_text(mark: Any) -> str:
    if isinstance(mark, dict):
        return next((t for t in (name(mark.get(k)) for k in ("description", "type", "name", "value")) if t), "")
    return name(mark)
