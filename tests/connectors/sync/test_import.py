"""What a person sees of imports: counts, what is new, gone, back; and that nothing happens twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection as database

from connectors.models import SyncRun
from connectors.sources.records import Severity
from connectors.sync import batches, count, work
from connectors.sync.start import start_run
from issues.ingest.counts import true_counts
from issues.ingest.sink import IngestSink
from issues.models import Application, Endpoint, Finding, Issue, IssueCount, IssueEvent, Vulnerability
from tests.memory_source import Row, endpoint


def counted() -> dict[tuple, tuple[int, int]]:
    cells = IssueCount.objects.exclude(issues=0, findings=0)
    names = ("connection_id", "application_id", "state", "severity", "vendor_severity")
    return {tuple(getattr(c, n) for n in names): (c.issues, c.findings) for c in cells}


@pytest.fixture(autouse=True)
def _counts_are_true(db):
    """Whatever a test did, the table of counts says what the issues say."""
    yield
    assert counted() == {tuple(cell): numbers for cell, numbers in true_counts().items()}


def test_a_first_import_stores_everything(ten, sync):
    run = sync()
    assert (run.state, run.read, run.created, run.unchanged) == ("succeeded", 10, 10, 0)
    assert (run.issues_created, Issue.objects.filter(state="active").count()) == (10, 10)
    assert Finding.objects.active().count() == 10
    assert Endpoint.objects.count() == 2


@pytest.mark.parametrize(
    ("stored", "came"), [("10 11", "12 13"), ("10 12", "11 13"), ("20 30", "10 40"), ("9 10", "8 11"), ("a b", "c B")]
)
def test_rows_that_come_past_between_or_before_the_others(tenant, sync, stored, came):
    tenant.add(*map(Row, stored.split()))
    sync()
    tenant.add(*map(Row, came.split()))
    run = sync()
    assert (run.created, run.unchanged, Finding.objects.count()) == (2, 2, 4)


def test_findings_of_one_cve_and_product_are_one_issue(tenant, sync):
    tenant.add(*(Row(f"r{n}", endpoint=f"e{n}") for n in range(4)), Row("r9", endpoint="e1", version="2.0"))
    sync()
    issue = Issue.objects.get()
    assert (issue.findings, issue.endpoints, issue.title) == (5, 4, "CVE-2026-0001 · 7-Zip")


def test_a_second_import_changes_nothing(ten, sync):
    sync()
    before = list(Finding.objects.order_by("pk").values()), list(Issue.objects.order_by("pk").values())
    run = sync()
    assert (run.created, run.changed, run.unchanged, run.resolved, run.issues_changed) == (0, 0, 10, 0, 0)
    assert (list(Finding.objects.order_by("pk").values()), list(Issue.objects.order_by("pk").values())) == before


@pytest.mark.sqlite
def test_a_second_import_writes_no_row_of_a_finding_or_issue(ten, sync):
    sync()
    with database.cursor() as cursor:
        for table in ("issues_finding", "issues_issue", "issues_endpoint"):
            cursor.execute(
                f"CREATE TEMP TRIGGER no_{table} BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'rewritten'); END"
            )
        try:
            assert sync().state == "succeeded"
        finally:
            for table in ("issues_finding", "issues_issue", "issues_endpoint"):
                cursor.execute(f"DROP TRIGGER no_{table}")


@pytest.mark.parametrize("turned", [False, True])
def test_rows_of_one_cve_that_disagree_end_alike_in_any_order(tenant, sync, turned):
    levels = {"7-Zip": "Official Fix", "WinRAR": "Unavailable"}
    rows = [Row(f"r{n}", software=name, remediation_level=level) for n, (name, level) in enumerate(levels.items())]
    for number, row in enumerate(reversed(rows) if turned else rows):
        tenant.add(replace(row, id=f"r{number}"))
    sync()
    assert Vulnerability.objects.get().remediation_level == "Unavailable"


def test_new_issues_are_there_after_each_turn(ten, connection, monkeypatch):
    monkeypatch.setattr(work, "TURN", 0.0)
    monkeypatch.setattr(batches, "ROWS", 3)
    run = start_run(connection, "full", ring=False)
    while not Finding.objects.exists():
        assert work.take_turn(run.pk) is work.Next.AGAIN
    assert 0 < Issue.objects.filter(state="active").count() < 10
    while work.take_turn(run.pk) is work.Next.AGAIN:
        pass
    run.refresh_from_db()
    assert (run.issues_created, run.issues_changed, run.state) == (10, 0, "succeeded")
    assert not Issue.objects.filter(stale=True).exists()


def test_new_issues_are_there_while_more_findings_come(ten, connection, monkeypatch):
    monkeypatch.setattr(count, "BEGIN", 0.0)
    monkeypatch.setattr(batches, "ROWS", 3)
    shown = []
    store = IngestSink.store_findings

    def watched(*args):
        shown.append(Issue.objects.filter(state="active").count())
        return store(*args)

    monkeypatch.setattr(IngestSink, "store_findings", watched)
    run = start_run(connection, "full", ring=False)
    assert work.take_turn(run.pk) is work.Next.DONE
    assert shown[0] == 0 < shown[1] == shown[-1] < 10  # some, once
    assert Issue.objects.filter(state="active", stale=False).count() == 10


def test_what_is_gone_from_a_complete_read_is_resolved(ten, sync):
    sync()
    ten.drop("r00", "r01")
    run = sync()
    assert (run.state, run.resolved, run.issues_resolved) == ("succeeded", 2, 2)
    gone = Issue.objects.get(vulnerability__cve="CVE-2026-0000")
    assert (gone.state, gone.resolved_at, gone.endpoints) == ("resolved", run.started_at, 0)
    assert IssueEvent.objects.filter(run=run, kind="resolved").count() == 2


def test_what_comes_back_is_reopened_and_keeps_its_first_seen_date(ten, sync):
    sync()
    ten.drop("r00")
    first_seen = Issue.objects.get(vulnerability__cve="CVE-2026-0000").first_seen
    sync()
    ten.add(Row("r00", endpoint="e0", cve="CVE-2026-0000"))
    run = sync()
    assert (run.created, run.reopened, run.issues_reopened) == (0, 1, 1)
    issue = Issue.objects.get(vulnerability__cve="CVE-2026-0000")
    assert (issue.state, issue.first_seen, issue.resolved_at) == ("active", first_seen, None)


def test_a_row_that_comes_back_under_another_id_is_the_same_finding(ten, sync):
    sync()
    known = Finding.objects.get(external_id="r00")
    ten.drop("r00")
    sync()
    ten.add(Row("r77", endpoint="e0", cve="CVE-2026-0000"))
    run = sync()
    assert (run.state, run.created, run.reopened, run.resolved) == ("succeeded", 0, 1, 0)
    same = Finding.objects.get(external_id="r77")
    assert (same.pk, same.first_seen, same.state) == (known.pk, known.first_seen, "active")


def test_a_changed_severity_is_told(ten, sync):
    sync()
    ten.change("r03", severity=Severity.CRITICAL, cvss=9.8)
    run = sync()
    assert (run.changed, run.issues_changed) == (1, 1)
    issue = Issue.objects.get(vulnerability__cve="CVE-2026-0003")
    assert (issue.get_vendor_severity_display(), issue.start) == ("Critical", 9.8)
    event = IssueEvent.objects.get(run=run)
    assert (event.kind, event.before, event.after) == ("severity", "High", "Critical")


def test_an_issue_is_excluded_when_the_source_marks_all_its_findings(ten, sync):
    sync()
    ten.change("r03", false_positive=True)
    sync()
    issue = Issue.objects.get(vulnerability__cve="CVE-2026-0003")
    assert (issue.state, issue.state_reason) == ("excluded", "Marked as a false positive at the source")
    ten.change("r03", false_positive=False)
    sync()
    issue.refresh_from_db()
    assert issue.state == "active"


def test_a_new_scan_moves_last_seen_and_rewrites_no_finding(ten, sync):
    sync()
    for row_id in list(ten.rows):
        ten.change(row_id, scanned_at="2026-11-21T08:00:00Z")
    run = sync()
    assert (run.changed, run.unchanged) == (0, 10)
    assert {i.last_seen.isoformat() for i in Issue.objects.all()} == {"2026-11-21T08:00:00+00:00"}


def test_a_delta_reads_only_what_changed(ten, sync):
    first = sync()
    ten.change("r01", severity=Severity.LOW, cvss=2.0, updated_at=first.started_at)
    ten.change("r02", removed=True, updated_at=first.started_at)
    run = sync("delta")
    assert (run.mode, run.read, run.changed, run.resolved) == ("delta", 2, 1, 1)
    assert Issue.objects.filter(state="active").count() == 9


def test_a_delta_without_a_good_read_before_it_reads_everything(ten, sync):
    assert sync("delta").mode == SyncRun.Mode.FULL


def test_a_tag_decides_the_application_and_moving_it_moves_the_issue(tenant, sync):
    tenant.endpoints["e1"] = endpoint("e1", tags=(("app", "Payments"),))
    tenant.add(Row("r1"), Row("r2", endpoint="e2"))
    sync()
    assert Issue.objects.get(application__name="Payments").endpoints == 1
    assert Issue.objects.get(application__name="Site s1").endpoints == 1
    tenant.endpoints["e1"] = endpoint("e1", tags=(("app", "Storefront"),))
    sync()
    assert Issue.objects.get(application__name="Storefront").endpoints == 1
    assert not Issue.objects.filter(application__name="Payments").exists()


def test_an_endpoint_that_no_rule_claims_is_unassigned(tenant, sync):
    tenant.endpoints["e1"] = endpoint("e1", site="")
    tenant.endpoints["e1"] = type(tenant.endpoints["e1"])(external_id="e1", name="lonely")
    tenant.add(Row("r1"))
    sync()
    assert Issue.objects.get().application == Application.objects.get(slug="unassigned")


def test_an_endpoint_known_only_from_its_findings_is_stored(tenant, sync):
    tenant.rows["r1"] = Row("r1", endpoint="decommissioned")
    sync()
    assert Endpoint.objects.get().name == "host-decommissioned"
