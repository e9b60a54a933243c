"""What an update would close is always what counting from scratch says."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import sink
from connectors.models import Connection
from issues.decisions.exclude import exclude
from issues.decisions.severity import set_severity
from issues.decisions.take_back import take_back
from issues.ingest import fixes, upkeep
from issues.ingest.remap import remap
from issues.models import Decision, Finding, Fix, Issue, Vulnerability
from issues.models.endpoint import TO_FOLLOW
from issues.severity.levels import Level
from issues.severity.risk import POINTS
from issues.versions import newest
from tests.examples import examples
from tests.factories import (
    close_findings,
    make_application,
    make_connection,
    make_endpoint,
    make_finding,
    make_issue,
    make_issues,
    make_run,
)

NUMBERS = ("issues", "findings", "endpoints", "exploited", "critical", "high", "medium", "low", "risk", "newest")


def from_scratch() -> dict[tuple[int, int], tuple[object, ...]]:
    """The plain way, issue by issue."""
    counted = {}
    active = Issue.objects.filter(state="active")
    for pair in set(active.order_by().values_list("application_id", "software_id")):
        issues = list(active.filter(application=pair[0], software=pair[1]).select_related("vulnerability"))
        found = Finding.objects.active().filter(issue__in=issues)
        levels = Counter(Level(issue.severity).word for issue in issues)
        counted[pair] = (
            len(issues),
            found.count(),
            found.values("endpoint").distinct().count(),
            sum(bool(issue.vulnerability.kev) for issue in issues),
            *(levels[word] for word in ("critical", "high", "medium", "low")),
            sum(issue.findings * POINTS[Level(issue.severity)] for issue in issues),
            newest(found.values_list("version", flat=True)),
        )
    return counted


def stored() -> dict[tuple[int, int], tuple[object, ...]]:
    return {
        tuple(row[:2]): tuple(row[2:]) for row in Fix.objects.values_list("application_id", "software_id", *NUMBERS)
    }


def test_a_row_says_what_an_update_would_close(tenant, payroll, fix_of):
    hosts = [make_endpoint(tenant, payroll, name) for name in ("one", "two")]
    for cve, word, host, version in (
        ("CVE-2026-1", "critical", 0, "9.1"),
        ("CVE-2026-1", "critical", 1, "10.0"),
        ("CVE-2026-2", "low", 0, "9.1"),
    ):
        make_finding(
            tenant, payroll, hosts[host],
            cve=cve, vendor_severity=word, software_name="Chrome", software_version=version,
        )  # fmt: skip
    Vulnerability.objects.filter(cve="CVE-2026-2").update(kev=True)
    fix = fix_of(payroll, "Chrome")
    assert (fix.issues, fix.findings, fix.endpoints, fix.exploited) == (2, 3, 2, 1)
    assert (fix.critical, fix.high, fix.medium, fix.low, fix.risk) == (1, 0, 0, 1, 81)
    assert fix.newest == "10.0"
    assert not fix.stale


def test_excluded_and_closed_issues_do_not_count(tenant, payroll, ben, fix_of):
    make_issue(tenant, payroll, software_name="Chrome", endpoints=2)
    excluded = make_issue(tenant, payroll, software_name="Chrome")
    make_issue(tenant, payroll, software_name="Chrome", state="resolved")
    fixes.settle()
    exclude(Issue.objects.filter(pk=excluded.pk), Decision.Kind.FALSE_POSITIVE, "Not there.", None, ben)
    fix = fix_of(payroll, "Chrome")
    assert (fix.issues, fix.findings, fix.endpoints) == (1, 2, 2)


def test_what_has_nothing_left_goes(tenant, payroll):
    issue = make_issue(tenant, payroll, software_name="Chrome")
    fixes.settle()
    close_findings(tenant, [finding.external_id for finding in issue.all_findings.all()], resolved=True)
    fixes.settle()
    assert not Fix.objects.exists()


def test_the_same_numbers_on_other_endpoints_are_counted_again(tenant, payroll, fix_of):
    """Counts of issues and findings stay as they were, endpoints and versions do not."""
    make_issue(tenant, payroll, software_name="Chrome", cve="CVE-2026-1", endpoints=["one"])
    other = make_issue(tenant, payroll, software_name="Chrome", cve="CVE-2026-2", endpoints=["one"])
    assert fix_of(payroll, "Chrome").endpoints == 1
    close_findings(tenant, [other.all_findings.get().external_id], resolved=True)
    host = make_endpoint(tenant, payroll, "two")
    make_finding(tenant, payroll, host, software_name="Chrome", cve="CVE-2026-2", software_version="7")
    fix = fix_of(payroll, "Chrome")
    assert (fix.issues, fix.findings, fix.endpoints, fix.newest) == (2, 2, 2, "7")


def test_one_excluded_and_another_taken_back_are_counted_again(tenant, payroll, ben, fix_of):
    one, other = (make_issue(tenant, payroll, software_name="Chrome", endpoints=[name]) for name in ("one", "two"))
    make_issue(tenant, payroll, software_name="Chrome", endpoints=["one"])
    exclude(Issue.objects.filter(pk=one.pk), Decision.Kind.FALSE_POSITIVE, "Not there.", None, ben)
    assert fix_of(payroll, "Chrome").endpoints == 2
    take_back(Issue.objects.filter(pk=one.pk), ben)
    exclude(Issue.objects.filter(pk=other.pk), Decision.Kind.FALSE_POSITIVE, "Not there.", None, ben)
    assert fix_of(payroll, "Chrome").endpoints == 1


def test_a_row_that_is_marked_while_it_is_counted_is_counted_again(tenant, payroll, monkeypatch):
    make_issue(tenant, payroll, software_name="Chrome", endpoints=["one"])
    fixes.reconcile()
    read = fixes._issues

    def read_and_be_overtaken(batch, every):
        found = read(batch, every)
        monkeypatch.setattr(fixes, "_issues", read)
        fixes.mark([(row.application_id, row.software_id) for row in batch])
        return found

    monkeypatch.setattr(fixes, "_issues", read_and_be_overtaken)
    assert not fixes.count(lambda: False)
    assert Fix.objects.get().stale
    assert fixes.count(lambda: True)
    assert not Fix.objects.get().stale


@pytest.mark.parametrize("many", [0, 10**9])
def test_both_ways_to_read_findings_count_the_same(tenant, payroll, shop, many, monkeypatch):
    monkeypatch.setattr(fixes, "MANY", many)
    monkeypatch.setattr(fixes, "READ", 3)
    for application in (payroll, shop):
        make_issues(5, tenant, application, software_name="Chrome", software_version="1.2")
        make_issue(tenant, application, software_name="Java", endpoints=4)
    fixes.settle()
    assert stored() == from_scratch()


def test_killed_anywhere_the_rest_is_done_later(tenant, payroll, monkeypatch):
    monkeypatch.setattr(fixes, "FEW", 1)
    monkeypatch.setattr(fixes, "MANY", 0)
    for name in ("Chrome", "Java", "7-Zip"):
        make_issue(tenant, payroll, software_name=name, software_version="1", endpoints=2)
    fixes.reconcile()
    assert not fixes.count(lambda: False)
    assert Fix.objects.filter(stale=True).count() == 2
    assert fixes.count(lambda: True)
    assert stored() == from_scratch()


def test_the_background_notices_what_changed(tenant, payroll, django_assert_num_queries):
    issue = make_issue(tenant, payroll, software_name="Chrome", vendor_severity="high")
    assert not upkeep.keep_up()
    assert Fix.objects.get().risk == 10
    with django_assert_num_queries(5):
        assert not upkeep.keep_up()
    Issue.objects.filter(pk=issue.pk).update(severity=Level.LOW)
    upkeep.keep_up(changed=True)
    assert Fix.objects.get().risk == 1


def test_an_import_that_is_running_is_waited_for(tenant, payroll):
    make_issue(tenant, payroll, software_name="Chrome")
    run = make_run(tenant, state="running")
    upkeep.keep_up()
    assert Fix.objects.count() == 1, "the day has to have its row"
    make_issue(tenant, payroll, software_name="Java")
    upkeep.keep_up()
    assert Fix.objects.count() == 1
    run.started_at = datetime(2020, 1, 1, tzinfo=UTC)
    run.save()
    upkeep.keep_up()
    assert Fix.objects.count() == 2


SOME = st.integers(0, 20)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("find"), st.integers(0, 2), st.integers(0, 3), st.sampled_from(("9", "10.1", "10.beta"))),
        st.tuples(st.sampled_from(("close", "exclude", "take back", "raise", "move", "settle")), SOME),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=examples(25), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_after_any_story_it_is_as_counted_from_scratch(steps, ben, db):
    Finding.objects.all().delete()
    Issue.objects.all().delete()
    Connection.objects.all().delete()
    tenant = make_connection()
    applications = [make_application("Payroll"), make_application("Web shop")]
    hosts = [make_endpoint(tenant, applications[n % 2], f"host-{n}") for n in range(3)]
    for what, number, *more in steps:
        if what == "find":
            _find(tenant, hosts[number], *more)
        elif what == "move":
            _move(hosts[number % 3], applications[number % 2])
        else:
            _decide(what, number, ben)
    fixes.settle()
    assert stored() == from_scratch()
    assert not Fix.objects.filter(stale=True).exists()


def _find(tenant, host, number, version):
    host.refresh_from_db()
    values = {"cve": f"CVE-2026-{number}", "software_name": f"Product {number % 2}", "software_version": version}
    make_finding(tenant, host.application, host, **values)


def _move(host, application):
    host.application, host.mapped_version = application, TO_FOLLOW
    host.save()
    remap()
    while sink.get().count_issues(host.connection, None) is not None:
        pass


def _decide(what, number, ben):
    keys = list(Issue.objects.order_by("pk").values_list("pk", flat=True))
    one = Issue.objects.filter(pk__in=keys[number % len(keys) :][:1] if keys else [])
    match what:
        case "close":
            found = list(Finding.objects.active().filter(issue__in=one).values_list("external_id", flat=True))
            close_findings(Connection.objects.get(), found[:1], resolved=number % 2 == 0)
        case "exclude":
            exclude(one, Decision.Kind.FALSE_POSITIVE, "Not there.", None, ben)
        case "take back":
            take_back(one, ben)
        case "raise":
            set_severity(one, Level.CRITICAL, "We know better.", ben)
        case "settle":
            fixes.settle()
