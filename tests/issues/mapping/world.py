"""Small tenants for stories of mapping: hosts with findings, imported as a run would, and what is stored of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from connectors import sink
from connectors.models import Connection, RunResource, SyncRun
from connectors.sources.records import TENANT, EndpointRecord, FindingRecord, Flaw, Severity
from issues.ingest.counts import true_counts
from issues.ingest.recompute import recompute
from issues.ingest.remap import is_due, remap
from issues.mapping.rules import Condition, Rule
from issues.mapping.save import save
from issues.models import Endpoint, Finding, Issue, IssueCount, MappingRevision
from tests.factories import DETECTED, SCANNED, already_read, make_run

Product = tuple[int, int]  # number of a CVE, number of a software product


@dataclass(frozen=True)
class Host:
    """``found``: what the source reports there; a product has one finding for each of its CVEs."""

    id: str
    site: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    found: frozenset[Product] = frozenset()
    values: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def record(self) -> EndpointRecord:
        known = {"name": f"host-{self.id}", "type": "laptop", "os": "windows", **self.values}
        return EndpointRecord(
            external_id=self.id, site_name=self.site, site_id=self.site and f"s-{self.site}", tags=self.tags, **known
        )

    def rows(self) -> list[FindingRecord]:
        return [self._row(cve, software) for cve, software in sorted(self.found)]

    def _row(self, cve: int, software: int) -> FindingRecord:
        key = f"{self.id}-{cve}-{software}"
        flaw = Flaw(f"CVE-2026-{cve:04}", "Vendor", f"Product {software}", "1.0", Severity.HIGH, cvss=7.5)
        return FindingRecord(
            key, f"{hash(key) & 0xFFFFFFFF:08x}", self.id, SCANNED.isoformat(), removed=False, evidence="{}", flaw=flaw,
            endpoint_name=f"host-{self.id}", endpoint_type="laptop", endpoint_os="windows",
            detected_at=DETECTED + timedelta(hours=sum(map(ord, key)) % 500),
        )  # fmt: skip


def rule(application: str = "", *conditions: tuple[str, str, Any], name: str = "", **values: Any) -> Rule:
    """``rule("Payroll", ("site", "is", "Berlin"))``; ``application_per`` instead of a name where that is empty."""
    read = tuple(Condition(f, o, tuple(v) if isinstance(v, list) else v) for f, o, v in conditions)
    called = name or f"{application or values.get('application_per')} {len(read)}"
    return Rule(called, conditions=read, application=application, **values)


def imported(connection: Connection, hosts: Iterable[Host], at_once: int = 1_000) -> None:
    """What a delta run stores: endpoints, findings, counted issues."""
    run = make_run(connection, "running", mode="delta")
    resource = RunResource.objects.create(run=run, position=0, kind=TENANT.kind.value, name="Everything")
    door, hosts = sink.get(), list(hosts)
    door.store_endpoints(run, [host.record for host in hosts])
    rows = [row for host in hosts for row in host.rows()]
    for start in range(0, len(rows), at_once):
        door.store_findings(run, resource, rows[start : start + at_once], already_read)
    while door.count_issues(connection, run) is not None:
        pass
    run.created = len(rows)
    door.conclude(run)
    SyncRun.objects.filter(pk=run.pk).update(state="succeeded", finished_at=timezone.now())


def saved(*rules: Rule) -> MappingRevision:
    """Saved, followed to the end, and counted."""
    revision = save(rules, None)
    followed()
    revision.refresh_from_db()
    return revision


def followed() -> None:
    while is_due():
        remap()
    while recompute():
        pass


Ways = dict[tuple[str, str], int]


def places() -> dict[int, str]:
    """The application of every endpoint by its key."""
    return dict(Endpoint.objects.values_list("pk", "application__name"))


def homes() -> dict[int, tuple[int, str]]:
    """Of every finding its issue, and the application of that."""
    rows = Finding.objects.values_list("pk", "issue_id", "issue__application__name")
    return {pk: (issue, application) for pk, issue, application in rows}


def ways_of_endpoints(before: dict[int, str], after: dict[int, str]) -> Ways:
    return dict(Counter((before[pk], after[pk]) for pk in before if before[pk] != after[pk]))


def ways_of_issues(before: dict[int, tuple[int, str]], after: dict[int, tuple[int, str]]) -> Ways:
    """How many issues gave findings from one application to another."""
    moved: dict[tuple[str, str], set[int]] = defaultdict(set)
    for pk, (issue, application) in before.items():
        if after[pk][1] != application:
            moved[application, after[pk][1]].add(issue)
    return {way: len(issues) for way, issues in moved.items()}


def is_in_order() -> bool:
    """Every finding is in an issue of its endpoint's application, nothing is empty, and every count is true."""
    for finding in Finding.objects.select_related("endpoint", "issue"):
        assert finding.issue.application_id == finding.endpoint.application_id
    assert not Issue.objects.filter(all_findings=None).exists()
    assert not Issue.objects.filter(stale=True).exists()
    cells = IssueCount.objects.exclude(issues=0, findings=0)
    names = ("connection_id", "application_id", "state", "severity", "vendor_severity")
    stored = {tuple(getattr(c, name) for name in names): (c.issues, c.findings) for c in cells}
    assert stored == {tuple(cell): numbers for cell, numbers in true_counts().items()}
    revision = MappingRevision.objects.current()
    assert revision is not None
    assert revision.is_finished
    assert set(Endpoint.objects.values_list("mapped_version", flat=True)) <= {revision.version}
    return True


def sites(*names: str) -> Sequence[Host]:
    """One host in each site, all with the same two findings."""
    return [Host(f"{n}", name, found=frozenset({(1, 1), (2, 1)})) for n, name in enumerate(names)]
