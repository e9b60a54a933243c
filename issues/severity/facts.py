"""What is known of an issue, as the severity factors look at it. Plain values: no database, no clock."""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import NamedTuple

from issues.severity.levels import Level


class Surface(IntEnum):
    """What an endpoint is, from the least to the most exposed."""

    WORKSTATION = 1
    SERVER = 2
    WORKLOAD = 3  # runs at a cloud provider or as a container host


class Facts(NamedTuple):
    """``None`` and ``""`` mean that nobody said so: no factor comes from them.

    Counts are of active findings, or of distinct endpoints for ``endpoints``.
    """

    vendor_severity: Level
    today: date
    risk_score: float | None = None  # 0.0 to 10.0
    cvss: float | None = None  # 0.0 to 10.0

    kev: bool | None = None
    ransomware: bool | None = None
    epss: float | None = None  # probability, 0.0 to 1.0
    percentile: float | None = None  # 0.0 to 1.0
    exploit_maturity: str = ""
    remediation_level: str = ""
    report_confidence: str = ""
    published: date | None = None

    findings: int = 0
    false_positives: int = 0  # marked so by an analyst at the source
    first_seen: date | None = None
    endpoints: int = 0
    surface: Surface | None = None  # the most exposed endpoint
    unknown_surfaces: int = 0  # findings on endpoints of unknown kind
    public_address: bool = False  # a server or workload has a public address of its own
    gone: int = 0  # findings on decommissioned endpoints
    silent: int = 0  # findings on endpoints without contact for long, not decommissioned

    application: str = ""
    business_priority: int | None = None  # 1 matters most, 5 least
    environment: str = ""
    internet_facing: bool = False
    sensitive_data: bool = False
