"""The queue over REST: what an issue says, the page's filters, and walks that see every row once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.access import role_of
from issues.models import Issue
from tests.factories import make_application, make_connection, make_issue, make_issues

FIELDS = {
    "id", "title", "source_tool", "connection", "category", "cve", "software", "application", "severity",
    "vendor_severity", "score", "start", "factors", "overridden", "endpoints", "findings", "state", "first_seen",
    "last_seen", "resolved_at", "owner", "decision", "url", "console_url",
}  # fmt: skip


def test_an_issue_says_what_the_contract_names(tenant, payroll, api_of, vic):
    issue = make_issue(
        tenant, payroll, cve="CVE-2026-7777", software_vendor="Igor Pavlov", vendor_severity="high", cvss=7.8,
        severity="low", score=2.5, endpoints=2,
    )  # fmt: skip
    ledger = [{"code": "epss", "name": "EPSS", "type": "Exploitable", "weight": -5.3, "reason": "Improbable"}]
    Issue.objects.filter(pk=issue.pk).update(factors=ledger)

    said = api_of(vic).get("/api/v1/issues/").json()["results"][0]

    assert set(said) >= FIELDS
    assert said["id"] == str(issue.pk)
    assert said["connection"] == str(tenant.pk)
    assert (said["cve"], said["title"]) == ("CVE-2026-7777", "CVE-2026-7777 · 7-Zip")
    assert said["software"] == {"vendor": "Igor Pavlov", "name": "7-Zip"}
    assert said["application"] == {"slug": "payroll", "name": "Payroll"}
    assert (said["severity"], said["vendor_severity"], said["score"], said["start"]) == ("low", "high", 2.5, 7.8)
    assert said["factors"] == ledger
    assert (said["endpoints"], said["findings"], said["state"], said["owner"]) == (2, 2, "active", "olga")
    assert (said["source_tool"], said["category"], said["decision"]) == ("SentinelOne", "Vulnerabilities", None)
    assert said["url"] == f"http://testserver{issue.get_absolute_url()}"
    assert said["first_seen"] == "2026-11-01T08:00:00Z"


def test_one_issue_has_decisions_and_compliance_too(tenant, payroll, api_of, vic):
    issue = make_issue(tenant, payroll)
    Issue.objects.update(first_seen=timezone.now() - timedelta(days=31))

    said = api_of(vic).get(f"/api/v1/issues/{issue.pk}/").json()

    assert set(said) >= FIELDS
    assert said["decisions"] == []
    assert next(each for each in said["compliance"] if each["standard"] == "CIS Controls v8.1") == {
        "standard": "CIS Controls v8.1", "control": "7.7", "title": "Remediate detected vulnerabilities",
        "deadline_days": 30, "set_by": "standard", "late": True,
        "deadline_source": "“Monthly, or more frequent”, whatever the severity.",
    }  # fmt: skip


def test_an_unknown_severity_has_no_score(tenant, payroll, api_of, vic):
    make_issue(tenant, payroll, vendor_severity="unknown")

    assert api_of(vic).get("/api/v1/issues/").json()["results"][0]["score"] is None


def test_without_a_state_all_issues_come(tenant, payroll, api_of, ben):
    for state in ("active", "resolved", "removed", "excluded"):
        make_issue(tenant, payroll, state=state)

    everything = api_of(ben).get("/api/v1/issues/").json()
    over = api_of(ben).get("/api/v1/issues/?state=resolved&state=removed").json()

    assert everything["count"] == 4
    assert {row["state"] for row in everything["results"]} == {"active", "resolved", "removed", "excluded"}
    assert {row["state"] for row in over["results"]} == {"resolved", "removed"}


@pytest.mark.parametrize(
    "query", ["", "ordering=title", "ordering=-first_seen", "state=active", "q=7-zip", "ordering=application"]
)
def test_a_walk_sees_every_issue_once(tenant, payroll, shop, api_of, ben, walk, query):
    make_issues(13, tenant, payroll)
    make_issues(9, tenant, shop, vendor_severity="low")
    make_issue(tenant, shop, state="resolved")
    wanted = Issue.objects.filter(state="active") if "state" in query else Issue.objects.all()

    rows = walk(api_of(ben), f"/api/v1/issues/?page_size=5&{query}")

    assert sorted(int(row["id"]) for row in rows) == sorted(wanted.values_list("pk", flat=True))


def test_links_are_whole_addresses_that_keep_the_question(tenant, payroll, api_of, ben):
    make_issues(3, tenant, payroll)

    first = api_of(ben).get("/api/v1/issues/?severity=high&page_size=2").json()
    second = api_of(ben).get(first["next"]).json()

    assert first["next"].startswith("http://testserver/api/v1/issues/?")
    assert "severity=high" in first["next"]
    assert (first["count"], first["previous"], second["next"]) == (3, None, None)
    assert api_of(ben).get(second["previous"]).json()["results"] == first["results"]


def test_pages_have_at_most_500_rows(tenant, payroll, api_of, ben):
    make_issues(501, tenant, payroll)

    page = api_of(ben).get("/api/v1/issues/?page_size=9999").json()

    assert (page["count"], len(page["results"])) == (501, 500)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("severity=dreadful", "severity"),
        ("state=pending", "state"),
        ("ordering=colour", "ordering"),
        ("connection=abc", "connection"),
        ("application=nowhere", "application"),
        ("q=" + "x" * 201, "q"),
        ("cursor=nonsense", "cursor"),
        ("page_size=0", "page_size"),
        ("page_size=many", "page_size"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_field(tenant, payroll, api_of, ben, query, field):
    response = api_of(ben).get(f"/api/v1/issues/?{query}")

    assert response.status_code == 400
    assert list(response.json()) == [field]


def test_filters_are_those_of_the_page(tenant, payroll, shop, api_of, ben):
    make_issue(tenant, payroll, cve="CVE-2026-1000", severity="critical")
    make_issue(tenant, shop, cve="CVE-2026-2000", software_name="OpenSSL", endpoints=["web-1"])
    api = api_of(ben)

    def cves(query: str) -> list[str]:
        return [row["cve"] for row in api.get(f"/api/v1/issues/?{query}").json()["results"]]

    assert cves("change=raised&owner=olga&source_tool=sentinelone") == ["CVE-2026-1000"]
    assert cves("q=openssl&endpoint=web-1&cve=cve-2026-2000") == ["CVE-2026-2000"]
    assert cves("ordering=severity") == ["CVE-2026-2000", "CVE-2026-1000"]


def test_an_owner_sees_only_their_applications(tenant, payroll, shop, api_of, olga):
    mine, other = make_issue(tenant, payroll), make_issue(tenant, shop)

    page = api_of(olga).get("/api/v1/issues/").json()

    assert (page["count"], [row["id"] for row in page["results"]]) == (1, [str(mine.pk)])
    assert api_of(olga).get(f"/api/v1/issues/{mine.pk}/").status_code == 200
    assert api_of(olga).get(f"/api/v1/issues/{other.pk}/").status_code == 404


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999", "abc", "1 OR 1=1", "%00", "-1"])
def test_an_id_that_nobody_has_is_not_found(tenant, api_of, ben, pk):
    assert api_of(ben).get(f"/api/v1/issues/{pk}/").status_code == 404


@pytest.mark.parametrize("query", ["", "state=active", "q=7-zip"])
def test_fifty_issues_cost_as_many_queries_as_one(tenant, payroll, api_of, ben, query, django_assert_num_queries):
    make_issue(tenant, payroll)
    role_of(ben)
    with CaptureQueriesContext(database) as one:
        api_of(ben).get(f"/api/v1/issues/?{query}")
    assert len(one) <= 12
    for n in range(5):
        make_issues(10, make_connection(), make_application(f"A{n}"))

    with django_assert_num_queries(len(one)):
        page = api_of(ben).get(f"/api/v1/issues/?{query}").json()
    assert len(page["results"]) == 50
