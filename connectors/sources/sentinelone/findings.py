"""One risk row of the console as a finding. Pure: no network, no clock."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from connectors.sources.exceptions import BrokenRecord
from connectors.sources.records import FindingRecord, Flaw, Severity
from connectors.sources.sentinelone.evidence import evidence, fingerprint, parsed
from connectors.sources.sentinelone.values import Raw, ident, missing, moment, name, number, required_ident, text

SEVERITIES = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "info": Severity.INFO,
}
# Marks other than "false positive" that the console's own filter on analysts' verdicts knows.
NOT_A_FALSE_POSITIVE = frozenset({"", "default", "none", "null", "false", "addedcve", "falsenegative", "fn"})
REMOVED = ("Removed", "REMOVED", "removed")  # a tuple: what is no text can't be looked up in a set
FLAWS = 4096  # remembered: about five megabytes

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


def finding_record(raw: Raw) -> FindingRecord:
    """``ValueError`` when the row has no id; ``TypeError`` or ``AttributeError`` when it is no JSON object."""
    get = raw.get
    external_id = ident(get("id"))
    if not external_id:
        raise ValueError("id")
    kept, said = evidence(raw)
    return FindingRecord(
        external_id,
        fingerprint(kept),
        ident(get("endpointId")),
        text(get("lastScanDate")),
        get("status") in REMOVED,
        kept,
        name(get("endpointName")),
        text(get("endpointType")).lower(),
        text(get("osType")).lower(),
        said=said,
    )


def read(record: FindingRecord) -> None:
    """From the evidence: flaw, mark and date of detection, or which field is missing."""
    said: Raw = parsed(record.evidence) if record.said is None else record.said
    try:
        flaw = _flaw(said)
        required_ident(said, "endpointId")
    except BrokenRecord as error:
        record.lacking = error.sentence
        return
    mark = said.get("markType")
    record.flaw = flaw
    record.false_positive = is_false_positive(mark) if mark else False
    record.detected_at = moment(said.get("detectionDate"))


def _flaw(raw: Raw) -> Flaw:
    said = tuple(map(raw.get, SHARED))
    try:
        return _read_flaw(*said)
    except TypeError:  # a list or an object where text belongs can't be remembered
        return _read_flaw.__wrapped__(*said)


@lru_cache(maxsize=FLAWS, typed=True)  # true is no 1 here
def _read_flaw(*said: Any) -> Flaw:
    raw = dict(zip(SHARED, said, strict=True))
    version, nvd = name(raw["applicationVersion"]), number(raw["nvdBaseScore"])
    base_version = text(raw["cvssVersion"])
    return Flaw(
        cve=required_ident(raw, "cveId").upper(),
        software_vendor=name(raw["applicationVendor"]),
        software_name=_software_name(raw, version),
        software_version=version,
        vendor_severity=SEVERITIES.get(text(raw["severity"]).lower(), Severity.UNKNOWN),
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


def is_false_positive(mark: Any) -> bool:
    """Whether an analyst marked the row so in the console. ``markType`` was seen empty and as an object."""
    return "".join(c for c in _mark_text(mark).lower() if c.isalnum()) not in NOT_A_FALSE_POSITIVE


def _mark_text(mark: Any) -> str:
    if isinstance(mark, dict):
        return next((t for t in (name(mark.get(k)) for k in ("description", "type", "name", "value")) if t), "")
    return name(mark)
