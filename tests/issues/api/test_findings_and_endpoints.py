"""Findings and endpoints over REST."""

from __future__ import annotations

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connectors.access import role_of
from tests.factories import close_findings, make_endpoint, make_finding, make_issue, make_issues


@pytest.fixture
def finding(tenant, payroll):
    host = make_endpoint(tenant, payroll, "pay-1", site_name="Head office")
    return make_finding(tenant, payroll, host, cve="CVE-2026-1000", software_version="23.01", cvss=7.8)


def test_a_finding_says_what_the_contract_names(finding, api_of, ben):
    said = api_of(ben).get("/api/v1/findings/").json()["results"][0]

    assert said == {
        "id": str(finding.pk), "external_id": finding.external_id, "issue": str(finding.issue_id),
        "cve": "CVE-2026-1000", "software": {"vendor": "Vendor", "name": "7-Zip", "version": "23.01"},
        "endpoint": {
            "id": str(finding.endpoint_id), "external_id": "id-pay-1", "name": "pay-1", "type": "laptop",
            "os": "windows",
        },
        "vendor_severity": "high", "cvss": 7.8, "state": "active", "detected_at": "2026-11-01T08:00:00Z",
        "last_scan_at": "2026-11-20T08:00:00Z", "first_seen": "2026-11-01T08:00:00Z",
        "last_seen": "2026-11-20T08:00:00Z", "resolved_at": None, "resolved_reason": "",
    }  # fmt: skip


def test_findings_are_found_by_what_they_belong_to(finding, tenant, shop, api_of, ben):
    other = make_finding(tenant, shop)
    close_findings(tenant, [other.external_id])
    api = api_of(ben)

    def found(query: str) -> list[str]:
        page = api.get(f"/api/v1/findings/?{query}").json()
        assert page["count"] == len(page["results"])
        return [row["id"] for row in page["results"]]

    assert found("") == [str(finding.pk), str(other.pk)]
    assert found(f"issue={finding.issue_id}") == [str(finding.pk)]
    assert found(f"endpoint={other.endpoint_id}") == [str(other.pk)]
    assert found("application=web-shop") == [str(other.pk)]
    assert found(f"connection={tenant.pk}&state=resolved") == [str(other.pk)]
    assert found("state=removed") == []


@pytest.mark.parametrize("query", ["issue=x", "endpoint=1.5", "state=gone", "connection=" + "9" * 30])
def test_a_filter_that_makes_no_sense_is_refused(finding, api_of, ben, query):
    assert api_of(ben).get(f"/api/v1/findings/?{query}").status_code == 400


def test_owners_see_the_findings_and_endpoints_of_their_applications(finding, tenant, shop, api_of, olga):
    other = make_finding(tenant, shop)
    api = api_of(olga)

    assert [row["id"] for row in api.get("/api/v1/findings/").json()["results"]] == [str(finding.pk)]
    assert [row["name"] for row in api.get("/api/v1/endpoints/").json()["results"]] == ["pay-1"]
    assert api.get(f"/api/v1/endpoints/{other.endpoint_id}/").status_code == 404


def test_an_endpoint_says_where_it_belongs_and_why(finding, api_of, ben):
    said = api_of(ben).get(f"/api/v1/endpoints/{finding.endpoint_id}/").json()

    assert (said["name"], said["site_name"]) == ("pay-1", "Head office")
    assert said["application"] == {"slug": "payroll", "name": "Payroll"}
    assert (said["mapping_reason"], said["pinned"]) == ("Pinned by a person", True)


def test_endpoints_are_found_by_name_and_application(finding, tenant, shop, api_of, ben, walk):
    for n in range(7):
        make_endpoint(tenant, shop, f"web-{n % 2}", external_id=f"x{n}")

    assert len(walk(api_of(ben), "/api/v1/endpoints/?page_size=3&q=WEB")) == 7
    assert len(walk(api_of(ben), "/api/v1/endpoints/?page_size=3")) == 8
    assert [e["name"] for e in walk(api_of(ben), "/api/v1/endpoints/?application=payroll")] == ["pay-1"]
    assert [e["name"] for e in walk(api_of(ben), "/api/v1/endpoints/?external_id=x3")] == ["web-1"]


@pytest.mark.parametrize("url", ["/api/v1/findings/", "/api/v1/endpoints/"])
def test_many_rows_cost_as_many_queries_as_one(finding, tenant, shop, api_of, ben, url, django_assert_num_queries):
    role_of(ben)
    with CaptureQueriesContext(database) as one:
        api_of(ben).get(url)
    make_issues(20, tenant, shop)
    make_issue(tenant, shop, endpoints=20)

    with django_assert_num_queries(len(one)):
        assert len(api_of(ben).get(url).json()["results"]) > 20
