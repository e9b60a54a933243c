"""Each filter of the queue finds what it names and nothing else, and counts what it finds."""

from __future__ import annotations

import pytest

from issues.models import Application, ApplicationTag, Issue, Vulnerability
from issues.queue import names
from issues.queue.filters import IssueFilterSet
from issues.severity.factors import bits_of
from tests.factories import make_application, make_connection, make_endpoint, make_finding, make_issue

# The filters of the outside contract.
DOCUMENTED = {
    "source_tool", "connection", "severity", "vendor_severity", "change", "factor", "application", "application_tag",
    "business_priority", "owner", "cve", "software", "endpoint", "kev", "epss_min", "epss_max", "state",
    "q", "ordering",
}  # fmt: skip

A, B, C, D, E = (f"CVE-2026-100{n}" for n in range(5))

FOUND = [
    ("", {A, B, C}),
    ("source_tool=SentinelOne", {A, B, C}),
    ("source_tool=sentinelone", {A, B, C}),
    ("severity=critical", {A, C}),
    ("severity=low&severity=CRITICAL", {A, B, C}),
    ("severity=medium", set()),
    ("vendor_severity=high", {B, C}),
    ("change=raised", {C}),
    ("change=lowered", {B}),
    ("change=same", {A}),
    ("change=raised&change=lowered", {B, C}),
    ("application_tag=PCI", {C}),
    ("application_tag=pci&application_tag=none-such", {C}),
    ("application_tag=none-such", set()),
    ("business_priority=1", {A, B}),
    ("business_priority=1&business_priority=3", {A, B, C}),
    ("business_priority=1&application_tag=pci", set()),
    ("factor=kev", {A}),
    ("factor=kev&factor=ransomware", {A}),
    ("factor=ransomware", set()),
    ("kev=true", {A}),
    ("kev=false", {B}),
    ("kev=true&kev=false", {A, B}),
    ("epss_min=0.1", {A}),
    ("epss_max=0", {B}),
    ("epss_min=0&epss_max=0.2", {A, B}),
    ("application=payroll", {A, B}),
    ("application=payroll&application=web-shop", {A, B, C}),
    ("owner=olga", {A, B}),
    ("owner=ben", set()),
    (f"cve={A.lower()}", {A}),
    (f"cve={A}&cve={C}", {A, C}),
    ("cve=CVE-1999-0001", set()),
    ("software=chrome", {A, C}),
    ("software=chrome+google", {A, C}),
    ("endpoint=pay-2", {B}),
    ("endpoint=id-pay-1", {A, B}),
    ("endpoint=PAY", {A, B}),
    ("state=excluded", {D}),
    ("state=resolved", {E}),
    ("state=active&state=resolved", {A, B, C, E}),
    ("state=removed", set()),
    ("state=resolved&endpoint=web", {E}),
    ("q=chrome", {A, C}),
    ("q=CHROME+google", {A, C}),
    ("q=payroll", {A, B}),
    ("q=web-1", {C}),
    (f"q={A}", {A}),
    (f"q={A}+7-Zip", set()),
    ("q=1002", {C}),
    ("q=nothing+of+the+kind", set()),
    ("severity=critical&application=payroll&q=chrome", {A}),
]
IGNORED = [
    ("severity=dreadful", "“dreadful” is not one of critical, high, medium, low, info, unknown."),
    ("state=pending", "“pending” is not one of active, excluded, resolved, removed."),
    ("source_tool=Nessus", "“Nessus” is not one of SentinelOne."),
    ("change=up", "“up” is not one of raised, lowered, same."),
    ("connection=x", "“x” is not an id."),
    ("connection=999999", "There is no connection “999999”."),
    ("application=nowhere", "There is no application “nowhere”."),
    ("factor=ke", "“ke” is not the code of a severity factor."),
    ("kev=perhaps", "“perhaps” is not one of true, false."),
    ("epss_min=2", "less than or equal to 1"),
    ("epss_max=NaN", "Enter a number"),
    ("sort=colour", "“colour” is not one of severity,"),
    ("q=" + "x" * 201, "200 characters"),
    ("cve=" + "x" * 201, "At most 200 characters fit."),
    ("q=%00", "Null characters are not allowed."),
]


@pytest.fixture
def queue_of_five(tenant, payroll, shop):
    """A and B threaten payroll, C and D the web shop; E has gone."""
    other = make_connection("Globex")
    Application.objects.filter(pk=payroll.pk).update(business_priority=1)
    ApplicationTag.objects.create(application=shop, name="pci")
    a = make_issue(
        tenant, payroll, cve=A, software_name="Google Chrome", vendor_severity="critical", endpoints=["pay-1"]
    )
    make_issue(tenant, payroll, cve=B, software_name="7-Zip", severity="low", endpoints=["pay-1", "pay-2"])
    make_issue(other, shop, cve=C, software_name="Google Chrome", severity="critical", endpoints=["web-1"])
    make_issue(other, shop, cve=D, software_name="OpenSSL", vendor_severity="unknown", state="excluded")
    make_issue(tenant, shop, cve=E, software_name="OpenSSL", state="resolved", endpoints=["web-2"])
    Issue.objects.filter(pk=a.pk).update(factor_bits=bits_of(["kev", "epss_high"]))
    Vulnerability.objects.filter(cve=A).update(kev=True, epss=0.2)
    Vulnerability.objects.filter(cve=B).update(kev=False, epss=0.0)
    return other


def test_the_filters_are_those_of_the_contract():
    assert set(IssueFilterSet.base_filters) == DOCUMENTED


def test_a_filter_finds_what_it_names(queue_of_five, listed, subtests):
    for query, found in FOUND:
        with subtests.test(query):
            page = listed(query)
            assert {issue.vulnerability.cve for issue in page.rows} == found
            assert page.total == len(found)
            assert page.problems == []


def test_a_connection_is_found_by_its_id(queue_of_five, titles):
    assert titles(f"connection={queue_of_five.pk}") == [C]


def test_a_title_pasted_into_the_search_finds_its_issue(queue_of_five, titles):
    assert titles(f"q={A} · Google Chrome") == [A]


def test_an_endpoint_is_found_by_our_id(queue_of_five, tenant, payroll, titles):
    host = make_endpoint(tenant, payroll, "pay-2")

    assert titles(f"endpoint={host.pk}") == [B]


def test_an_endpoint_that_was_cured_no_longer_leads_to_the_issue(tenant, payroll, titles):
    from tests.factories import close_findings

    cured, ill = (make_finding(tenant, payroll, make_endpoint(tenant, payroll, n), cve=A) for n in ("cured", "ill"))
    assert cured.issue == ill.issue

    close_findings(tenant, [cured.external_id])

    assert titles("endpoint=cured") == []
    assert titles("endpoint=ill") == [A]


def test_what_nobody_can_mean_is_ignored_with_a_sentence(queue_of_five, listed, subtests):
    for query, sentence in IGNORED:
        with subtests.test(query):
            page = listed(query)
            assert len(page.rows) == page.total == 3
            assert sentence in page.problems[0]


def test_an_owner_can_not_learn_of_other_applications(queue_of_five, listed, olga):
    page = listed("application=web-shop", user=olga)

    assert page.problems == ["There is no application “web-shop”."]
    assert {issue.application.slug for issue in page.rows} == {"payroll"}


def test_a_search_says_when_it_did_not_look_everywhere(tenant, payroll, listed, monkeypatch):
    monkeypatch.setattr(names, "CAP", 2)
    make_issue(tenant, payroll, endpoints=["web-1", "web-2", "web-3"])

    page = listed("q=web")

    assert "2 of them" in page.notes[0]
    assert listed("q=web-3").notes == []


def test_a_search_for_a_frequent_name_of_an_application_does_not_need_endpoints(tenant, listed):
    make_issue(tenant, make_application("Ledger"), cve=A)

    assert [i.vulnerability.cve for i in listed("q=ledger").rows] == [A]
