"""What is stored of a connection, in forms that can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
from django.core import serializers

from connectors.models import Connection, SyncRun
from connectors.sources.simulator import SimulatedTenant
from issues.ingest.counts import true_counts
from issues.models import Finding, Issue, IssueCount
from issues.severity.levels import Level

UNKNOWN = {"": "unknown"}


def equals(tenant: SimulatedTenant, connection: Connection) -> bool:
    """Whether the active findings and issues are those of the tenant, no more and no less."""
    truth = tenant.truth()
    active = Finding.objects.active().filter(connection=connection)
    ids = {row["id"] for row in tenant.rows()}
    by_severity = Counter(Level(s).word for s in active.values_list("vendor_severity", flat=True))
    expected: Counter[str] = Counter()
    for word, number in truth.by_severity.items():
        expected[UNKNOWN.get(word, word.lower())] += number
    open_issues = Issue.objects.filter(connection=connection, state__in=Issue.OPEN_STATES)
    assert set(active.values_list("external_id", flat=True)) == ids
    assert (active.count(), by_severity) == (truth.findings, expected)
    assert active.values("endpoint").distinct().count() == truth.affected_endpoints
    assert active.filter(false_positive=True).count() == truth.false_positives
    assert sum(open_issues.values_list("findings", flat=True)) == truth.findings
    assert not Issue.objects.filter(connection=connection, stale=True).exists()
    return counts_are_true()


def counts_are_true() -> bool:
    names = ("connection_id", "application_id", "state", "severity", "vendor_severity")
    cells = IssueCount.objects.exclude(issues=0, findings=0)
    stored = {tuple(getattr(c, n) for n in names): (c.issues, c.findings) for c in cells}
    assert stored == {tuple(cell): numbers for cell, numbers in true_counts().items()}
    return True


def findings(connection: Connection) -> dict[str, tuple[Any, ...]]:
    """Every finding by the source's id, without keys and without dates that only say when it was imported."""
    rows = Finding.objects.filter(connection=connection).values_list(
        *("external_id", "fingerprint", "endpoint__external_id", "endpoint__site_ref", "endpoint__application__name"),
        *("issue__title", "issue__application__name", "version", "vendor_severity", "cvss", "risk_score"),
        *("false_positive", "evidence", "detected_at", "first_seen", "state", "resolved_reason"),
    )
    found = {row[0]: row[1:] for row in rows}
    assert len(found) == len(rows)
    return found


def issues(connection: Connection) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """Every issue by what identifies it."""
    rows = Issue.objects.filter(connection=connection).values_list(
        *("application__name", "vulnerability__cve", "software__key"),
        *("title", "state", "state_reason", "stale", "vendor_severity", "severity", "start", "score", "factor_bits"),
        *("findings", "endpoints", "first_seen", "last_seen"),
    )
    return {row[:3]: row[3:] for row in rows}


def counts(connection: Connection) -> dict[tuple[Any, ...], tuple[int, int]]:
    names = ("application__name", "state", "severity", "vendor_severity", "issues", "findings")
    cells = IssueCount.objects.filter(connection=connection).exclude(issues=0, findings=0).values_list(*names)
    return {cell[:4]: cell[4:] for cell in cells}


def counters(run: SyncRun) -> dict[str, int]:
    names = ("endpoints_read", "read", "created", "changed", "resolved", "reopened", "removed", "skipped")
    return {name: getattr(run, name) for name in (*names, "issues_created", "issues_resolved", "issues_reopened")}


def every_text(run: SyncRun) -> str:
    """All that the run, its resources and its connection say, as it lies in the database."""
    kept: Iterator[Any] = iter([run, run.connection, *run.resources.all()])
    return serializers.serialize("json", kept) + orjson.dumps(run.broken_rows).decode()
