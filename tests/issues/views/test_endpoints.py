"""Endpoints: the list, and one of them with what was found on it."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone

from issues.models import Endpoint
from tests.factories import make_endpoint, make_finding


def names(response) -> list[str]:
    return re.findall(r'<a class="title" href="/endpoints/\d+/">([^<]+)</a>', response.content.decode())


def test_endpoints_stand_by_name_with_where_they_belong(ada_client, tenant, payroll, shop):
    make_endpoint(tenant, shop, "web-1")
    make_endpoint(tenant, payroll, "pay-1")
    page = ada_client.get("/endpoints/")
    assert names(page) == ["pay-1", "web-1"]
    assert "Pinned by a person" in page.content.decode()


def test_they_can_be_searched_by_name_and_by_the_sources_id(ada_client, tenant, payroll):
    make_endpoint(tenant, payroll, "pay-1", external_id="4711")
    make_endpoint(tenant, payroll, "pay-2", external_id="4712")
    assert names(ada_client.get("/endpoints/?q=AY-1")) == ["pay-1"]
    assert names(ada_client.get("/endpoints/?q=4712")) == ["pay-2"]
    assert "No endpoint matches" in ada_client.get("/endpoints/?q=zzz").content.decode()


def test_those_of_one_application(ada_client, tenant, payroll, shop):
    make_endpoint(tenant, shop, "web-1")
    make_endpoint(tenant, payroll, "pay-1")
    assert names(ada_client.get("/endpoints/?application=payroll")) == ["pay-1"]
    assert "There is no application “nobody”." in ada_client.get("/endpoints/?application=nobody").content.decode()


def test_pages_follow_each_other(ada_client, tenant, payroll):
    for number in range(55):
        make_endpoint(tenant, payroll, f"pay-{number:02}")
    first = ada_client.get("/endpoints/")
    after = re.search(r'href="(\?cursor=[^"]+)" rel="next"', first.content.decode())
    assert after
    assert names(first) + names(ada_client.get("/endpoints/" + after[1])) == [f"pay-{n:02}" for n in range(55)]
    assert "not a page of this list" in ada_client.get("/endpoints/?cursor=nonsense").content.decode()


def test_one_endpoint_shows_findings_by_software_the_worst_first(ada_client, tenant, payroll):
    host = make_endpoint(tenant, payroll, "pay-1", site_name="Berlin", tags=[["env", "prod"]])
    make_finding(tenant, payroll, host, software_name="Low tool", vendor_severity="low", cve="CVE-2026-10001")
    make_finding(tenant, payroll, host, software_name="Bad tool", vendor_severity="critical", cve="CVE-2026-10002")
    page = ada_client.get(host.get_absolute_url()).content.decode()
    assert page.index("Bad tool") < page.index("Low tool")
    for text in (
        "CVE-2026-10001",
        "CVE-2026-10002",
        "Berlin",
        "Tag env",
        "prod",
        "/sentinels/devices",
        "Pinned by a person",
    ):
        assert text in page


def test_what_was_not_scanned_for_long_is_said(ada_client, tenant, payroll):
    host = make_endpoint(tenant, payroll, "pay-1")
    assert "may not be true any more" not in ada_client.get(host.get_absolute_url()).content.decode()
    Endpoint.objects.update(last_scan_at=timezone.now() - timedelta(days=45))
    assert "may not be true any more" in ada_client.get(host.get_absolute_url()).content.decode()


def test_an_owner_sees_hers(olga_client, tenant, payroll, shop):
    hers, other = make_endpoint(tenant, payroll, "pay-1"), make_endpoint(tenant, shop, "web-1")
    assert names(olga_client.get("/endpoints/")) == ["pay-1"]
    assert olga_client.get(hers.get_absolute_url()).status_code == 200
    assert olga_client.get(other.get_absolute_url()).status_code == 404
