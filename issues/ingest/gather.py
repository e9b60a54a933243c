"""What is stored about issues: their own rows, and numbers of their findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from issues.ingest.bulk import ANY
from issues.ingest.rows import moment, read
from issues.models import Endpoint, Finding, Issue
from issues.severity.factors.reachable import SILENT_DAYS

ISSUES, FINDINGS, ENDPOINTS = (f'"{model._meta.db_table}"' for model in (Issue, Finding, Endpoint))


class Known(NamedTuple):
    """An issue as it is stored. Of a pending one dates and ``factors`` are not read: nothing is compared with them."""

    pk: int
    connection_id: int
    created_run_id: int | None
    application_id: int
    vulnerability_id: int
    software_id: int
    overridden: bool
    decision: str
    stale: bool
    rules_version: int
    state: str | None
    state_reason: str
    vendor_severity: int
    severity: int
    start: float
    score: float
    factors: Any  # entries of its ledger
    factor_bits: int
    findings: int
    endpoints: int
    first_seen: datetime
    last_seen: datetime
    resolved_at: datetime | None

    @property
    def is_new(self) -> bool:
        return self.state is None


class Numbers(NamedTuple):
    """Of an issue's active findings, or of the closed ones when none is active. Dates as the database stores them."""

    issue: int
    active: bool
    findings: int
    false_positives: int
    removed: int
    endpoints: int  # distinct
    severity: int
    cvss: float | None
    risk: float | None
    first: Any  # also of the closed ones
    scanned: Any
    last: Any  # seen, of closed ones
    closed: Any
    reason: str
    surface: int
    unknown_surfaces: int
    public: int
    gone: int
    silent: int


class Size(NamedTuple):
    issue: int
    findings: int


KNOWN = f"SELECT id AS pk, {', '.join(Known._fields[1:])} FROM {ISSUES} WHERE id {ANY}"  # noqa: S608
SIZES = f"SELECT issue_id AS issue, COUNT(*) AS findings FROM {FINDINGS} WHERE issue_id {ANY} GROUP BY issue_id"  # noqa: S608
NUMBERS = f"""
    SELECT
        f.issue_id AS issue,
        {{active}} AS active,
        COUNT(*) AS findings,
        COUNT(*) FILTER (WHERE f.false_positive) AS false_positives,
        COUNT(*) FILTER (WHERE f.state = 'removed') AS removed,
        COUNT(DISTINCT f.endpoint_id) AS endpoints,
        MAX(f.vendor_severity) AS severity,
        MAX(f.cvss) AS cvss,
        MAX(f.risk_score) AS risk,
        MIN(f.first_seen) AS first,
        MAX(e.last_scan_at) AS scanned,
        MAX(f.last_seen) AS last,
        MAX(f.resolved_at) AS closed,
        MAX(f.resolved_reason) AS reason,
        MAX(e.surface) AS surface,
        COUNT(*) FILTER (WHERE e.surface = 0) AS unknown_surfaces,
        COUNT(*) FILTER (WHERE e.public_address) AS public,
        COUNT(*) FILTER (WHERE e.decommissioned) AS gone,
        COUNT(*) FILTER (WHERE NOT e.decommissioned AND e.last_active_at < %s) AS silent
    FROM {FINDINGS} f JOIN {ENDPOINTS} e ON e.id = f.endpoint_id
    WHERE f.issue_id {ANY} AND f.state {{is}} 'active'
    GROUP BY f.issue_id
"""  # noqa: S608
BOTH = " UNION ALL ".join(
    NUMBERS.format(**{"active": active, "is": sign}) for active, sign in (("FALSE", "<>"), ("TRUE", "="))
)


def known(issues: Iterable[int]) -> list[Known]:
    """By primary key."""
    return [row if row.is_new else _read(row) for row in sorted(read(Known, KNOWN, list(issues)))]


def sizes(issues: Iterable[int]) -> dict[int, int]:
    """How many findings each has, in whatever state; one without is missing."""
    return dict(read(Size, SIZES, list(issues)))


def gather(issues: Collection[int], now: datetime) -> dict[int, Numbers]:
    """Numbers of each issue's findings; an issue without findings is missing."""
    found: dict[int, Numbers] = {}
    asked = (now - timedelta(days=SILENT_DAYS), list(issues))
    for row in read(Numbers, BOTH, *asked, *asked):  # the closed ones come first
        closed = found.get(row.issue)
        found[row.issue] = row._replace(first=min(row.first, closed.first)) if closed else row
    return found


def _read(row: Known) -> Known:
    return row._replace(
        factors=orjson.loads(row.factors),
        first_seen=moment(row.first_seen),
        last_seen=moment(row.last_seen),
        resolved_at=moment(row.resolved_at),
    )
