"""The page of what to fix first: numbers, order, filters, and only what one may see."""

from __future__ import annotations

import re

import pytest
from django.http import QueryDict

from issues.ingest import fixes
from issues.models import Fix, Vulnerability
from issues.queue.fixes import fixes_of, list_fixes
from tests.factories import make_each, make_endpoint, make_finding, make_issue, make_issues


@pytest.fixture
def listed(ada):
    """``listed("sort=name", user=olga)``: names of the updates, in order."""

    def ask(query="", user=None):
        fixes.settle()
        return [update.software.name for update in list_fixes(user or ada, QueryDict(query)).rows]

    return ask


@pytest.fixture
def two(tenant, payroll, shop):
    """Chrome: much risk on many endpoints. Java: less, but on one. In both applications, and Vim in the shop alone."""
    for application in (payroll, shop):
        make_issue(tenant, application, software_name="Chrome", vendor_severity="high", endpoints=8)
    make_issues(3, tenant, payroll, software_name="Java", vendor_severity="high", software_version="8u9")
    make_issue(tenant, shop, software_name="Vim", vendor_severity="low", cve="CVE-2026-77777")
    Vulnerability.objects.filter(cve="CVE-2026-77777").update(kev=True)


def test_the_most_risk_for_an_endpoint_comes_first(two, listed):
    assert listed() == ["Java", "Chrome", "Vim"]
    assert listed("sort=-risk") == ["Chrome", "Java", "Vim"]
    assert listed("sort=risk") == ["Vim", "Java", "Chrome"]
    assert listed("sort=name") == ["Chrome", "Java", "Vim"]
    assert listed("sort=-exploited")[0] == "Vim"
    assert listed("sort=nonsense") == listed()


def test_filters_narrow(two, listed):
    assert listed("application=web-shop") == ["Chrome", "Vim"]
    assert listed("owner=olga") == ["Java", "Chrome"]
    assert listed("exploited=true") == ["Vim"]
    assert listed("q=chr") == ["Chrome"]
    assert listed("q=vendor+ja") == ["Java"]
    assert listed("q=nothing") == []


def test_applications_add_up(two, ada, tenant, payroll):
    make_finding(tenant, payroll, software_name="Chrome", software_version="142.0")
    fixes.settle()
    listing = list_fixes(ada, QueryDict("sort=-risk"))
    chrome = listing.rows[0]
    assert (chrome.applications, chrome.endpoints, chrome.issues, chrome.findings, chrome.risk) == (2, 17, 3, 17, 170)
    assert (chrome.newest, chrome.per_endpoint) == ("142.0", 10.0)
    assert (listing.totals.updates, listing.totals.issues, listing.totals.risk) == (3, 7, 201)


def test_one_sees_only_ones_own(two, listed, ada, ben, olga, vic):
    everything = ["Java", "Chrome", "Vim"]
    assert listed(user=ada) == listed(user=ben) == listed(user=vic) == everything
    assert listed(user=olga) == ["Java", "Chrome"]
    assert fixes_of(olga)[0].endpoints == 8
    assert fixes_of(ada)[0].endpoints == 16


def test_an_application_that_one_may_not_see_does_not_exist(two, ada_client, olga_client):
    fixes.settle()
    assert "There is no application" in olga_client.get("/fixes/?application=web-shop").content.decode()
    vim = Fix.objects.get(software__name="Vim").software_id
    assert ada_client.get(f"/fixes/{vim}/").status_code == 200
    assert olga_client.get(f"/fixes/{vim}/").status_code == 404
    java = Fix.objects.get(software__name="Java").software_id
    assert olga_client.get(f"/fixes/{java}/?application=payroll").status_code == 200


def test_the_page_leads_to_exactly_the_issues(two, ada_client, tenant, payroll):
    make_issue(tenant, payroll, software_name="JavaScript runtime")
    fixes.settle()
    page = ada_client.get("/fixes/?application=payroll").content.decode()
    address = next(a for a in re.findall(r'href="(/issues/[^"]+)"', page) if "%22Java%22" in a).replace("&amp;", "&")
    assert address == "/issues/?software=%22Java%22&application=payroll"
    issues = ada_client.get(address).content.decode()
    assert issues.count("· Java</a>") == 3
    assert "JavaScript runtime" not in issues


def test_a_row_opens_to_its_applications(two, ada_client, olga_client, payroll):
    fixes.settle()
    chrome = Fix.objects.filter(software__name="Chrome").first().software_id
    part = ada_client.get(f"/fixes/{chrome}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert part.count("<li>") == 2
    assert "8 endpoints" in part
    assert "Web shop" not in olga_client.get(f"/fixes/{chrome}/", headers={"HX-Request": "true"}).content.decode()
    assert "Web shop" not in ada_client.get(f"/fixes/{chrome}/?application=payroll").content.decode()


def test_there_are_pages(tenant, payroll, ada_client):
    host = make_endpoint(tenant, payroll)
    make_each(tenant, [(host, {"software_name": f"Product {number:02}"}) for number in range(52)])
    fixes.settle()
    first = ada_client.get("/fixes/?sort=name").content.decode()
    assert "Page 1 of 2" in first
    assert "Product 51" not in first
    assert "Product 51" in ada_client.get("/fixes/?sort=name&page=2").content.decode()


def test_nothing_to_update(ada_client, two):
    assert "Nothing to update" in ada_client.get("/fixes/").content.decode()
    fixes.settle()
    assert "No update matches" in ada_client.get("/fixes/?q=nothing").content.decode()


def test_a_stranger_is_asked_to_sign_in(client, db):
    for address in ("/fixes/", "/fixes/1/", "/fixes/export.csv", "/fixes/export.json"):
        assert client.get(address)["Location"].startswith("/accounts/login/")


def test_the_overview_shows_what_to_fix_and_how_it_went(two, ada_client, olga_client):
    fixes.settle()
    page = ada_client.get("/").content.decode()
    assert page.index("−160") < page.index("−30")
    assert "16 endpoints, closes 2 issues" in page
    assert "8 endpoints, closes 1 issue<" in olga_client.get("/").content.decode()
