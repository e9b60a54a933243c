"""What a source hands over: frozen dataclasses, no Django, no meaning beyond the source's own words.

Ids are text, always: SentinelOne's have 18 or 19 digits, other sources use letters. Times are
aware datetimes in UTC. What the source did not say is ``None``, never an invented value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class Severity(StrEnum):
    """The words of every severity in the product, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"
    UNKNOWN = "unknown"


class ScopeKind(StrEnum):
    """What part of a tenant a read covers, widest first."""

    TENANT = "tenant"
    ACCOUNT = "account"
    SITE = "site"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Scope:
    """One part of a tenant that is read as a whole. ``external_id`` is empty for the tenant."""

    kind: ScopeKind
    external_id: str = ""


TENANT = Scope(ScopeKind.TENANT)


@dataclass(frozen=True, slots=True)
class ResourceRecord:
    """An account, site or group that a person can select."""

    kind: ScopeKind
    external_id: str
    name: str
    state: str  # "active", "expired" or "deleted"
    parent_id: str | None = None  # external id of the account of a site, of the site of a group
    endpoints: int | None = None  # how many the source counts there


@dataclass(frozen=True, slots=True)
class EndpointRecord:
    """A laptop, server or workload, with all that mapping rules may ask about it."""

    external_id: str
    name: str
    uuid: str = ""
    type: str = ""  # "laptop", "desktop", "server", …: the source's word, lower case
    os: str = ""  # family: "windows", "linux", "macos", …
    os_name: str = ""
    domain: str = ""
    account_id: str = ""
    account_name: str = ""
    site_id: str = ""
    site_name: str = ""
    group_id: str = ""
    group_name: str = ""
    customer_id: str = ""  # free text that the customer set at the source ("external id")
    external_ip: str = ""
    ou: str = ""  # Active Directory distinguished name of the computer
    cloud_provider: str = ""
    cloud_account: str = ""
    tags: tuple[tuple[str, str], ...] = ()  # (key, value), sorted
    cloud_tags: tuple[tuple[str, str], ...] = ()
    agent_version: str = ""
    active: bool | None = None
    decommissioned: bool = False
    last_active_at: datetime | None = None


class Flaw(NamedTuple):
    """One CVE in one version of a software product, whatever endpoints have it: read once for all their findings."""

    cve: str  # upper case
    software_vendor: str
    software_name: str
    software_version: str
    vendor_severity: Severity
    cvss: float | None = None  # 0.0 to 10.0
    cvss_version: str = ""
    risk_score: float | None = None  # the vendor's own score, 0.0 to 10.0
    exploit_maturity: str = ""
    remediation_level: str = ""
    report_confidence: str = ""
    mitigation_status: str = ""
    published_at: datetime | None = None


UNREAD = Flaw("", "", "", "", Severity.UNKNOWN)


@dataclass(slots=True)
class FindingRecord:
    """A flaw on an endpoint, as it came. Not frozen only because millions of them are made.

    An import of an unchanged tenant must cost little more than fetching it, so a finding is known
    by its id and fingerprint first; ``Source.read`` reads the rest where the fingerprint differs
    from the stored one. It is of the evidence, which leaves out what belongs to the endpoint or
    counts days by itself.
    """

    external_id: str
    fingerprint: str
    endpoint_id: str
    scanned_at: str  # the source's text for the last scan of the endpoint, "" when it said none
    removed: bool  # the source itself says that this finding is gone
    evidence: str  # the source's own fields, verbatim, as a JSON object
    endpoint_name: str = ""
    endpoint_type: str = ""
    endpoint_os: str = ""
    # From here on what ``read`` makes of the evidence.
    flaw: Flaw = UNREAD
    false_positive: bool = False
    detected_at: datetime | None = None
    lacking: str = ""  # a sentence: what every finding must have and this one has not
    said: Mapping[str, Any] | None = field(default=None, compare=False)  # the evidence, while it need not be parsed

    @property
    def is_read(self) -> bool:
        return bool(self.flaw.cve or self.lacking)


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that could not even be identified; ``sample`` is short and free of secrets."""

    reason: str
    sample: str


@dataclass(frozen=True, slots=True)
class FindingPage:
    """One answer of the source. ``total`` is the number of rows of the whole walk, when told."""

    rows: list[FindingRecord]
    next_cursor: str | None = None
    total: int | None = None
    broken: tuple[BrokenRow, ...] = ()


@dataclass(frozen=True, slots=True)
class EndpointPage:
    """One answer with endpoints."""

    rows: list[EndpointRecord]
    next_cursor: str | None = None
    total: int | None = None
    broken: tuple[BrokenRow, ...] = ()
