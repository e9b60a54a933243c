"""The queue and the endpoints of one application: the same tables and filters, in place, and nothing from elsewhere."""

from __future__ import annotations

import re

import pytest

from tests.factories import make_endpoint, make_issue, make_issues

ISSUES, ENDPOINTS = "/applications/payroll/?view=issues", "/applications/payroll/?view=endpoints"


@pytest.fixture
def some(tenant, payroll, shop):
    make_issues(3, tenant, payroll, vendor_severity="critical", software_name="OpenSSL")
    make_issues(2, tenant, payroll, vendor_severity="low", software_name="Chrome")
    make_issue(tenant, payroll, vendor_severity="low", state="resolved")
    make_issues(4, tenant, shop, vendor_severity="critical", software_name="OpenSSL")


def page_of(client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def rows(page: str) -> int:
    return len(re.findall(r'<a class="title" href="/issues/\d+/"', page))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", 5),
        ("&severity=critical", 3),
        ("&severity=critical&severity=low", 5),
        ("&software=Chrome", 2),
        ("&q=openssl", 3),
        ("&state=resolved", 1),
        ("&source_tool=SentinelOne&change=same", 5),
        ("&application=web-shop", 5),  # the address can't make it another one's
    ],
)
def test_its_issues_take_the_filters_of_the_queue(ada_client, some, query, shown):
    assert rows(page_of(ada_client, ISSUES + query)) == shown


def test_counts_beside_the_filters_are_of_its_issues(ada_client, some):
    page = page_of(ada_client, f"{ISSUES}&show=factor")
    assert re.search(r'value="critical".*?<span class="n">3</span>', page)
    assert re.search(r'Active <span class="n">5</span>', page)
    assert 'name="application"' not in page
    assert "5 of 5" not in page  # nothing is filtered


def test_the_form_and_its_links_stay_here(ada_client, some):
    page = page_of(ada_client, f"{ISSUES}&severity=low&sort=-score")
    assert 'action="/applications/payroll/"' in page
    assert '<input type="hidden" name="view" value="issues">' in page
    assert '<input type="hidden" name="sort" value="-score">' in page
    assert 'href="/applications/payroll/?view=issues">Clear all</a>' in page
    assert "<h2>Active issues</h2>" in page
    assert page.count("<h1") == 1
    assert 'scope="col">Application' not in page
    assert "2 of 5" in page


def test_htmx_gets_the_results_and_the_address_to_keep(ada_client, some):
    answer = ada_client.get(f"{ISSUES}&severity=low&cve=&q=", headers={"HX-Request": "true", "HX-Target": "results"})
    page = answer.content.decode()
    assert answer["HX-Push-Url"] == "/applications/payroll/?view=issues&severity=low"
    assert "<html" not in page
    assert rows(page) == 2
    assert 'id="panel" hx-swap-oob="true"' in page


def test_a_filter_that_leaves_nothing_can_be_taken_off(ada_client, some):
    page = page_of(ada_client, f"{ISSUES}&software=nothing")
    assert "No issue matches these filters" in page
    assert 'href="/applications/payroll/?view=issues">Clear all</a>' in page


def test_rows_can_be_dense_here_too(ada_client, some):
    answer = ada_client.get(f"{ISSUES}&density=compact")
    assert answer["Location"] == "/applications/payroll/?view=issues"


def names(page: str) -> list[str]:
    return re.findall(r'<a class="title" href="/endpoints/\d+/">([^<]+)</a>', page)


def test_its_endpoints_take_filters_and_say_what_put_them_here(ada_client, olga_client, tenant, payroll, shop):
    make_endpoint(tenant, payroll, "pay-1", type="server", os="linux")
    make_endpoint(tenant, payroll, "pay-2", type="laptop", os="windows")
    make_endpoint(tenant, shop, "web-1", type="server", os="linux")
    assert names(page_of(ada_client, ENDPOINTS)) == ["pay-1", "pay-2"]
    assert names(page_of(ada_client, f"{ENDPOINTS}&type=server")) == ["pay-1"]
    assert names(page_of(ada_client, f"{ENDPOINTS}&mapped=none")) == []
    assert names(page_of(olga_client, f"{ENDPOINTS}&os=windows&mapped=pinned")) == ["pay-2"]
    assert names(page_of(ada_client, f"{ENDPOINTS}&application=web-shop")) == ["pay-1", "pay-2"]
    page = page_of(ada_client, f"{ENDPOINTS}&type=server")
    assert "Pinned by a person" in page
    assert '<input type="hidden" name="view" value="endpoints">' in page
    assert 'href="/applications/payroll/?view=endpoints">Clear filters</a>' in page
    assert 'name="application"' not in page.split('id="pin-many"')[0]


def test_only_who_may_pin_gets_boxes_to_tick(ben_client, vic_client, olga_client, tenant, payroll):
    make_endpoint(tenant, payroll, "pay-1")
    assert 'form="pin-many"' in page_of(ben_client, ENDPOINTS)
    for client in (vic_client, olga_client):
        assert "pin-many" not in page_of(client, ENDPOINTS)


def test_an_application_without_anything_says_so(ada_client, payroll):
    assert "No endpoint belongs here" in page_of(ada_client, ENDPOINTS)
    assert "No software with active issues" in page_of(ada_client, "/applications/payroll/?view=software")
    assert "No active issue" in page_of(ada_client, "/applications/payroll/")
