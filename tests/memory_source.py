"""A source whose tenant is a Python object: what a run does with answers, without HTTP.

A test changes ``MemoryTenant`` between runs and plants errors at pages; the run sees it through the
same contract as any product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from connectors.sources.base import CheckResult, CheckStep, SourceConfig, StepState
from connectors.sources.records import (
    UNREAD,
    BrokenRow,
    EndpointPage,
    EndpointRecord,
    FindingPage,
    FindingRecord,
    Flaw,
    ResourceRecord,
    Scope,
    ScopeKind,
    Severity,
)
from connectors.sources.registry import Product

LONG_AGO = datetime(2026, 5, 1, 8, tzinfo=UTC)
HOST = "https://memory.example"


@dataclass(frozen=True)
class Row:
    """One finding of the tenant."""

    id: str
    endpoint: str = "e1"
    cve: str = "CVE-2026-0001"
    software: str = "7-Zip"
    version: str = "1.0"
    severity: Severity = Severity.HIGH
    cvss: float | None = 7.5
    remediation_level: str = ""
    false_positive: bool = False
    scanned_at: str = "2026-11-20T08:00:00Z"
    removed: bool = False  # only a delta tells
    updated_at: datetime = LONG_AGO
    broken: bool = False


@dataclass
class MemoryTenant:
    rows: dict[str, Row] = field(default_factory=dict)
    endpoints: dict[str, EndpointRecord] = field(default_factory=dict)
    resources: list[ResourceRecord] = field(default_factory=list)
    page_size: int = 3
    announced: int | None = None  # a total that is not true
    unnamed: int = 0  # rows without an id, on the first page
    faults: dict[int, Exception] = field(default_factory=dict)  # by number of the finding page in this run
    endpoints_refused: Exception | None = None
    on_page: Any = None  # called with the number of each page before it is handed over
    requests: int = 0

    def add(self, *rows: Row) -> None:
        for row in rows:
            self.rows[row.id] = row
            self.endpoints.setdefault(row.endpoint, endpoint(row.endpoint))

    def change(self, row_id: str, **values: Any) -> None:
        self.rows[row_id] = replace(self.rows[row_id], **values)

    def drop(self, *row_ids: str) -> None:
        for row_id in row_ids:
            del self.rows[row_id]


def endpoint(external_id: str, site: str = "s1", **values: Any) -> EndpointRecord:
    return EndpointRecord(
        external_id=external_id,
        name=f"host-{external_id}",
        type="laptop",
        os="windows",
        account_id="a1",
        account_name="Account",
        site_id=site,
        site_name=f"Site {site}",
        group_id=f"{site}-g",
        group_name="Group",
        **values,
    )


TENANTS: dict[str, MemoryTenant] = {}
PRODUCT = Product("memory", "Memory", "Memory", "Tests", "", ("memory",), "tests.memory_source.MemorySource")


class MemorySource:
    def __init__(self, config: SourceConfig) -> None:
        self.tenant = TENANTS[config.host_url]
        self.requests_made = 0
        self._page = 0

    @staticmethod
    def clean_host(text: str, *, allow_http: bool = False) -> str:
        return text

    def check(self) -> CheckResult:
        return CheckResult((CheckStep("token", "Token works", StepState.OK),), can_import=True)

    def resources(self) -> Iterator[list[ResourceRecord]]:
        self.requests_made += 1
        yield list(self.tenant.resources)

    def endpoint_pages(self, since: datetime | None = None, cursor: str | None = None) -> Iterator[EndpointPage]:
        self.requests_made += 1
        if self.tenant.endpoints_refused:
            raise self.tenant.endpoints_refused
        yield EndpointPage(rows=list(self.tenant.endpoints.values()))

    def finding_pages(
        self, scope: Scope, since: datetime | None = None, cursor: str | None = None
    ) -> Iterator[FindingPage]:
        rows = [r for r in sorted(self.tenant.rows.values(), key=lambda r: r.id) if self._inside(r, scope)]
        rows = [r for r in rows if r.updated_at >= since] if since else [r for r in rows if not r.removed]
        start, size = int(cursor or 0), self.tenant.page_size
        while True:
            number, self._page = self._page, self._page + 1
            self.requests_made += 1
            if self.tenant.on_page:
                self.tenant.on_page(number)
            if number in self.tenant.faults:
                raise self.tenant.faults.pop(number)
            end = start + size
            unnamed = self.tenant.unnamed if start == 0 else 0
            yield FindingPage(
                rows=[found(r) for r in rows[start:end]],
                next_cursor=str(end) if end < len(rows) else None,
                total=(self.tenant.announced or len(rows) + self.tenant.unnamed) if start == 0 else None,
                broken=(BrokenRow("A row has no id.", "{}"),) * unnamed,
            )
            if end >= len(rows):
                return
            start = end

    def _inside(self, row: Row, scope: Scope) -> bool:
        if scope.kind is ScopeKind.TENANT:
            return True
        return getattr(self.tenant.endpoints[row.endpoint], f"{scope.kind.value}_id") == scope.external_id

    def read(self, record: FindingRecord) -> None:
        assert record.said is not None
        row: Row = record.said["row"]
        record.lacking = "A row has no cveId." if row.broken else ""
        record.flaw = UNREAD if row.broken else flaw_of(row)
        record.false_positive = row.false_positive
        record.detected_at = LONG_AGO

    def close(self) -> None:
        pass


def flaw_of(row: Row) -> Flaw:
    said = row.cve, "Vendor", row.software, row.version, row.severity
    return Flaw(*said, cvss=row.cvss, remediation_level=row.remediation_level)


def found(row: Row) -> FindingRecord:
    same = replace(row, scanned_at="", removed=False, updated_at=LONG_AGO)
    return FindingRecord(
        external_id=row.id,
        fingerprint=f"{hash(same) & 0xFFFFFFFFFFFFFFFF:016x}",
        endpoint_id=row.endpoint,
        scanned_at=row.scanned_at,
        removed=row.removed,
        evidence=f'{{"id": "{row.id}"}}',
        endpoint_name=f"host-{row.endpoint}",
        endpoint_type="laptop",
        endpoint_os="windows",
        said={"row": row},
    )
