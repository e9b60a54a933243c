"""One risk row of the console as a finding. Pure: no network, no clock."""

from __future__ import annotations

from typing import Any

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


def finding_record(raw: Raw) -> FindingRecord:
    """Raises ``BrokenRecord`` naming the field when id, cveId, endpointId or the software's name is missing."""
    get = raw.get
    version = name(get("applicationVersion"))
    marked, why = _mark(raw)
    nvd = number(get("nvdBaseScore"))
    return FindingRecord(
        external_id=required_ident(raw, "id"),
        cve=required_ident(raw, "cveId").upper(),
        software_vendor=name(get("applicationVendor")),
        software_name=_software_name(raw, version),
        software_version=version,
        endpoint_id=required_ident(raw, "endpointId"),
        endpoint_name=name(get("endpointName")),
        endpoint_type=text(get("endpointType")).lower(),
        endpoint_os=text(get("osType")).lower(),
        vendor_severity=SEVERITIES.get(text(get("severity")).lower(), Severity.UNKNOWN),
        cvss=number(get("baseScore")) if nvd is None else nvd,
        cvss_version=text(get("cvssVersion"))
        if nvd is None
        else text(get("nvdCvssVersion")) or text(get("cvssVersion")),
        risk_score=number(get("riskScore")),
        exploit_maturity=text(get("exploitCodeMaturity")),
        remediation_level=text(get("remediationLevel")),
        report_confidence=text(get("reportConfidence")),
        mitigation_status=text(get("mitigationStatus")),
        false_positive=marked,
        false_positive_reason=why if marked else "",
        detected_at=moment(get("detectionDate")),
        published_at=moment(get("publishedDate")),
        evidence=evidence(raw),
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
    mark = raw.get("markType")
    if not mark:
        return False, ""
    said = _mark_text(mark)
    marked = "".join(c for c in said.lower() if c.isalnum()) not in NOT_A_FALSE_POSITIVE
    return marked, name(raw.get("reason")) or said


def _mark_text(mark: Any) -> str:
    if isinstance(mark, dict):
        return next((t for t in (name(mark.get(k)) for k in ("description", "type", "name", "value")) if t), "")
    return name(mark)
