"""Endpoints: the list, and one of them with what was found on it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from issues.models import Endpoint, MappingRule
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


def scanned(name: str, days: int | None) -> None:
    at = None if days is None else timezone.now() - timedelta(days=days)
    Endpoint.objects.filter(name=name).update(last_scan_at=at)


@pytest.fixture
def three(tenant, payroll, shop):
    rule = MappingRule.objects.create(position=99, name="By tag", application=shop)
    make_endpoint(tenant, payroll, "pay-1", type="server", os="linux", site_name="Berlin")
    make_endpoint(tenant, shop, "web-1", type="laptop", os="windows", site_name="Berlin", mapped_by=rule)
    make_endpoint(tenant, shop, "web-2", type="laptop", os="macos", site_name="Oslo")
    Endpoint.objects.filter(name__startswith="web").update(pinned=False)
    for name, days in (("pay-1", 1), ("web-1", 45), ("web-2", None)):
        scanned(name, days)
    return rule


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("type=server", ["pay-1"]),
        ("os=windows&os=macos", ["web-1", "web-2"]),
        ("site=Berlin", ["pay-1", "web-1"]),
        ("site=Berlin&type=laptop", ["web-1"]),
        ("scan=fresh", ["pay-1"]),
        ("scan=stale", ["web-1"]),
        ("scan=never", ["web-2"]),
        ("scan=stale&scan=never", ["web-1", "web-2"]),
        ("mapped=pinned", ["pay-1"]),
        ("mapped=none", ["web-2"]),
        ("mapped={rule}", ["web-1"]),
        ("application=web-shop&os=macos", ["web-2"]),
        ("type=&os=&q=", ["pay-1", "web-1", "web-2"]),
    ],
)
def test_filters_stand_in_the_address_for_page_and_api_alike(ada_client, api_of, ada, three, query, shown):
    query = query.format(rule=three.pk)
    assert names(ada_client.get(f"/endpoints/?{query}")) == shown
    assert [row["name"] for row in api_of(ada).get(f"/api/v1/endpoints/?{query}").json()["results"]] == shown


@pytest.mark.parametrize("query", ["mapped=x", "mapped=999999", "scan=soon", "application=nobody", "connection=x"])
def test_what_nobody_can_mean_is_named_and_left_out(ada_client, api_of, ada, three, query):
    page = ada_client.get(f"/endpoints/?{query}")
    assert "It was left out." in page.content.decode()
    assert len(names(page)) == 3
    assert api_of(ada).get(f"/api/v1/endpoints/?{query}").status_code == 400


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        ("name", ["pay-1", "web-1", "web-2"]),
        ("-name", ["web-2", "web-1", "pay-1"]),
        ("os", ["pay-1", "web-2", "web-1"]),
        ("-site", ["web-2", "web-1", "pay-1"]),
        ("application", ["pay-1", "web-1", "web-2"]),
        ("last_scan", ["web-1", "pay-1"]),
        ("-last_scan", ["pay-1", "web-1"]),
        ("nonsense", ["pay-1", "web-1", "web-2"]),
    ],
)
def test_every_head_sorts(ada_client, three, sort, shown):
    assert names(ada_client.get(f"/endpoints/?sort={sort}")) == shown


def test_without_a_scan_there_is_no_place_by_scan_and_that_is_said(ada_client, three):
    page = ada_client.get("/endpoints/?sort=last_scan").content.decode()
    assert "1 endpoint without any scan has no place in this order" in page
    assert 'href="?scan=never"' in page


def test_selects_offer_what_there_is(ada_client, olga_client, three):
    page = ada_client.get("/endpoints/?type=server").content.decode()
    assert '<option value="server" selected>Server</option>' in page
    assert f'<option value="{three.pk}">Rule: By tag</option>' in page
    assert '<option value="Oslo">Oslo</option>' in page
    hers = olga_client.get("/endpoints/").content.decode()
    assert "Oslo" not in hers
    assert "By tag" not in hers
    assert "Web shop" not in hers


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
