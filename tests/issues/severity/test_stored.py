"""What an issue keeps of its severity, and how it follows facts, feeds, applications, rules and time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from connectors import sink
from issues.ingest import recompute as background
from issues.ingest.counts import true_counts
from issues.ingest.recompute import is_due, recompute
from issues.intel.load import load
from issues.models import Application, Assessment, Endpoint, Feed, Finding, Issue, IssueCount, RuleSet
from issues.severity.factors import DEFAULTS, bits_of
from issues.tasks import recompute as task
from tests.factories import (
    DETECTED,
    close_findings,
    make_application,
    make_connection,
    make_endpoint,
    make_issue,
    make_issues,
    make_run,
)

pytestmark = pytest.mark.django_db


def codes(issue: Issue) -> list[str]:
    issue.refresh_from_db()
    return [entry["code"] for entry in issue.factors]


def test_the_ledger_is_stored_with_the_issue(seed, rules):
    assert (seed.vendor_severity, seed.start, seed.rules_version) == (4, 8.1, 1)
    assert codes(seed) == ["exploit_unproven", "workstation", "development", "priority_4"]
    assert seed.score == pytest.approx(seed.start + sum(entry["weight"] for entry in seed.factors))
    assert seed.factor_bits == bits_of(codes(seed))
    assert set(seed.factors[0]) == {"code", "name", "type", "weight", "reason"}


def test_the_seed_case_becomes_low_once_epss_is_known(seed, work, severity_of, epss_file):
    assert severity_of(seed) == "medium"
    load(Feed.Name.EPSS, epss_file("CVE-2026-28817,0.0004,0.12"))
    work()
    assert severity_of(seed) == "low"
    assert seed.get_vendor_severity_display() == "High"
    told = seed.events.get()
    assert (told.before, told.after) == ("Medium", "Low")
    assert told.note == "Exploitation improbable −1.6 is new."


def test_kev_raises_a_medium_on_an_exposed_server(portal, work, severity_of, kev_file):
    load(Feed.Name.KEV, kev_file("CVE-2026-1", ransomware=("CVE-2026-1",)))
    work()
    assert (severity_of(portal), portal.score, portal.vendor_severity) == ("high", 8.5, 3)
    assert {"kev", "ransomware", "internet_facing", "server"} <= set(codes(portal))


def test_a_vulnerability_met_after_the_feeds_is_looked_up_at_once(rules, severity_of, kev_file, epss_file):
    load(Feed.Name.KEV, kev_file("CVE-2026-1"))
    load(Feed.Name.EPSS, epss_file("CVE-2026-1,0.6,0.99"))
    listed, other = make_issue(cve="CVE-2026-1"), make_issue(cve="CVE-2026-2")
    assert {"kev", "epss_very_high"} <= set(codes(listed))
    assert (listed.vulnerability.kev, listed.vulnerability.epss) == (True, 0.6)
    assert (other.vulnerability.kev, other.vulnerability.epss) == (False, None)


def test_without_feeds_nothing_is_known_and_nothing_added(seed):
    assert (seed.vulnerability.kev, seed.vulnerability.epss) == (None, None)
    assert not {"kev", "epss_low", "epss_very_low"} & set(codes(seed))


def test_a_score_that_moves_within_its_band_touches_no_issue(seed, work, epss_file):
    load(Feed.Name.EPSS, epss_file("CVE-2026-28817,0.0004,0.12"))
    work()
    load(Feed.Name.EPSS, epss_file("CVE-2026-28817,0.0006,0.14", day="2026-11-22"))
    assert not Issue.objects.filter(stale=True).exists()
    seed.vulnerability.refresh_from_db()
    assert seed.vulnerability.epss == 0.0006


def test_what_leaves_a_feed_leaves_the_ledger(seed, work, kev_file):
    load(Feed.Name.KEV, kev_file("CVE-2026-28817", "CVE-2026-7", "CVE-2026-8", "CVE-2026-9", "CVE-2026-10"))
    work()
    load(Feed.Name.KEV, kev_file("CVE-2026-7", "CVE-2026-8", "CVE-2026-9", "CVE-2026-10"))
    work()
    assert "kev" not in codes(seed)
    assert seed.events.first().note.startswith("Exploited in the wild +1.0 is gone.")


def test_a_change_of_an_application_reaches_its_issues_by_itself(seed, work):
    work()
    Application.objects.filter(name="Build laptops").update(business_priority=1, environment="production")
    assert is_due()
    work()
    assert {"priority_1", "production"} <= set(codes(seed))
    assert not is_due()


def test_saved_rules_reach_every_issue_and_the_ledger_names_their_version(seed, portal, work):
    RuleSet.add(DEFAULTS | {"development": -2.0}, "Developers can wait", None)
    work()
    seed.refresh_from_db()
    portal.refresh_from_db()
    assert next(e["weight"] for e in seed.factors if e["code"] == "development") == -2.0
    assert (seed.rules_version, portal.rules_version) == (2, 2)
    assert "Rule set version 2 followed 1." in seed.events.get().note
    assert portal.events.count() == 0


def test_weights_on_stored_ledgers_give_what_gathering_all_facts_would_give(seed, portal, work, kev_file):
    load(Feed.Name.KEV, kev_file("CVE-2026-28817"))
    work()

    def stored():
        return list(Issue.objects.order_by("pk").values("severity", "score", "start", "factors", "rules_version"))

    for change in ({"workstation": 0.0, "kev": 0.5}, {"workstation": -1.0}, {"development": -5.0, "production": 4.0}):
        RuleSet.add(DEFAULTS | change, "", None)
        work()
        quick = stored()
        Issue.objects.update(stale=True)
        work()
        assert stored() == quick
        assert {i["rules_version"] for i in quick} == {RuleSet.objects.current().version}


def test_an_issue_from_before_there_were_factors_is_gathered(seed, work):
    Issue.objects.update(rules_version=0, factor_bits=0, factors=[], score=8.1, severity=4)
    work()
    assert codes(seed) == ["exploit_unproven", "workstation", "development", "priority_4"]


def test_a_closed_issue_keeps_the_ledger_it_had(seed, work):
    before = seed.factors
    finding = Finding.objects.get(issue=seed)
    close_findings(seed.connection, [finding.external_id])
    RuleSet.add(DEFAULTS | {"development": -2.0}, "", None)
    work()
    seed.refresh_from_db()
    assert (seed.state, seed.factors, seed.rules_version) == ("resolved", before, 1)


def test_counts_follow(seed, portal, work):
    RuleSet.add(DEFAULTS | {"workstation": -5.0, "internet_facing": 5.0}, "", None)
    work()
    stored = IssueCount.objects.filter(issues__gt=0).values_list(
        "connection_id", "application_id", "state", "severity", "vendor_severity", "issues", "findings"
    )
    assert {tuple(row[:5]): row[5:] for row in stored} == true_counts()


def test_the_work_is_cut_into_turns_and_a_killed_one_loses_nothing(laptops, work, monkeypatch):
    make_issues(7, make_connection(), laptops, cvss=8.1)
    work()
    monkeypatch.setattr("issues.ingest.reweigh.BATCH", 3)
    RuleSet.add(DEFAULTS | {"development": -2.0}, "", None)
    assert recompute(seconds=-1)
    assert Issue.objects.filter(rules_version=2).count() == 3
    Assessment.claim()  # its worker dies here
    assert recompute() is False
    Assessment.objects.update(lease_until=timezone.now() - timedelta(days=1))
    turns = 1
    while recompute(seconds=-1):
        turns += 1
        assert turns < 9
    assert Issue.objects.filter(rules_version=2, stale=False).count() == 7


def test_the_task_rings_for_its_next_turn(laptops, monkeypatch, queue, django_capture_on_commit_callbacks):
    make_issues(4, make_connection(), laptops, cvss=8.1)
    monkeypatch.setattr("issues.ingest.aggregate.BATCH", 3)
    monkeypatch.setattr(background, "TURN", 0)
    monkeypatch.setattr(recompute, "__defaults__", (0,))
    Issue.objects.update(stale=True)
    with django_capture_on_commit_callbacks(execute=True):
        task()
    assert queue.functions == ["issues.tasks.recompute"]


@pytest.mark.parametrize(("findings", "left"), [(1, [3, 2, 1, 0]), (4, [2, 0]), (6, [1, 0]), (99, [0])])
def test_a_batch_ends_with_its_issues_or_with_their_findings(laptops, monkeypatch, findings, left):
    connection = make_connection()
    for _ in range(4):
        make_issue(connection, laptops, endpoints=2, cvss=8.1)
    monkeypatch.setattr("issues.ingest.portion.FINDINGS", findings)
    monkeypatch.setattr("issues.ingest.portion.FEW", 1)
    Issue.objects.update(stale=True)
    steps = []
    while sink.get().count_issues(connection, None) is not None:
        steps.append(Issue.objects.filter(stale=True).count())
    assert [step for step, before in zip(steps, [4, *steps], strict=False) if step != before] == left


def test_a_connection_that_is_imported_from_counts_its_own(seed):
    make_run(seed.connection, state="running")
    Issue.objects.update(stale=True)
    recompute()
    assert Issue.objects.get(pk=seed.pk).stale


def test_time_alone_brings_factors(seed, work):
    work()
    with time_machine.travel(DETECTED + timedelta(days=95)):
        assert is_due()
        work()
        assert "open_long" in codes(seed)


def test_an_endpoint_that_falls_silent_is_noticed(seed, work):
    work()
    Endpoint.objects.update(last_active_at=timezone.now() - timedelta(days=29))
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        work()
        assert "endpoints_silent" in codes(seed)


def test_a_server_with_a_public_address_of_its_own(rules, work):
    connection, application = make_connection(), make_application()
    make_endpoint(connection, application, "edge", type="server", external_ip="8.8.8.8")
    for name in ("lan-1", "lan-2"):
        make_endpoint(connection, application, name, type="server", external_ip="9.9.9.9")
    make_endpoint(connection, application, "inside", type="server", external_ip="10.0.0.1")
    make_endpoint(connection, application, "roaming", external_ip="1.1.1.1")
    names = ("edge", "lan-1", "inside", "roaming")
    issues = {name: make_issue(connection, application, endpoints=[name]) for name in names}
    sink.get().conclude(make_run(connection))
    work()
    assert {name for name, issue in issues.items() if "public_address" in codes(issue)} == {"edge"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"type": "server"}, "server"),
        ({"type": "server", "cloud_provider": "AWS"}, "workload"),
        ({"type": "kubernetes node"}, "workload"),
        ({"type": "desktop"}, "workstation"),
        ({"type": "laptop", "cloud_provider": "Azure"}, "workstation"),
        ({"type": "unknown"}, None),
        ({"type": "laptop", "decommissioned": True}, "endpoints_gone"),
    ],
)
def test_kinds_of_endpoints(values, code, rules):
    connection, application = make_connection(), make_application()
    make_endpoint(connection, application, "it", **values)
    found = codes(make_issue(connection, application, endpoints=["it"]))
    assert code in found if code else found == []


def test_queries_do_not_grow_with_the_batch(laptops, django_assert_max_num_queries):
    make_issues(40, make_connection(), laptops, cvss=8.1)
    RuleSet.add(DEFAULTS | {"development": -2.0}, "", None)
    Issue.objects.update(stale=True)
    with django_assert_max_num_queries(19):
        background._counted_batch(Issue.objects.first().connection)
    assert Issue.objects.filter(stale=False, rules_version=2).count() == 40
