"""One application in a real browser: filters in place, without scripts, on a phone, by the rules of accessibility."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.axe import faults
from tests.factories import make_endpoint, make_issue, make_issues

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/applications/payroll/"
PARTS = ("", "?view=issues", "?view=issues&severity=low", "?view=endpoints", "?view=software", "?view=compliance")


@pytest.fixture
def page(page_of, ada, tenant, payroll, shop):
    make_issues(3, tenant, payroll, vendor_severity="high", software_name="OpenSSL")
    chrome = make_issues(2, tenant, payroll, vendor_severity="low", software_name="Chrome")
    make_issues(2, tenant, shop, vendor_severity="low", software_name="Chrome")
    make_endpoint(tenant, payroll, "pay-1", type="server", os="linux")
    payroll.fixes.update_or_create(software=chrome[0].software, defaults={"issues": 2, "low": 2, "risk": 2})
    payroll.tags.create(name="pci")
    payroll.links = [{"label": "Runbook", "url": "https://wiki.example.com/" + "pay" * 40}]
    payroll.description = "Pays everybody."
    payroll.save()
    return page_of(ada)


def test_ticking_a_filter_swaps_the_list_in_place(page):
    page.goto(f"{HOME}?view=issues")
    page.evaluate("window.stays = true")
    page.get_by_label("Low").first.check()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"/applications/payroll/\?view=issues&severity=low$"))
    expect(page.locator("#live")).to_contain_text("2 of 5")
    expect(page.get_by_role("heading", name="Payroll")).to_be_visible()
    assert page.evaluate("window.stays")
    page.get_by_role("link", name="Issue", exact=True).click()
    expect(page).to_have_url(re.compile(r"view=issues&severity=low&sort=title"))
    page.get_by_label("Remove filter Severity: Low").click()
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.get_by_role("heading", name="Payroll")).to_be_visible()


def test_choosing_a_type_swaps_the_endpoints_in_place(page):
    page.goto(f"{HOME}?view=endpoints")
    page.evaluate("window.stays = true")
    page.get_by_label("Type", exact=True).select_option("server")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/applications/payroll/\?view=endpoints&type=server$"))
    assert page.evaluate("window.stays")


def test_without_scripts_the_buttons_do_it(browser, live_server, page, context):
    bare = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=context.storage_state()
    )
    tab = bare.new_page()
    tab.goto(f"{HOME}?view=issues")
    tab.get_by_label("Low").first.check()
    tab.get_by_role("button", name=re.compile("Show 5 issues")).click()
    expect(tab.locator("tbody tr")).to_have_count(2)
    expect(tab.get_by_role("heading", name="Payroll")).to_be_visible()
    tab.get_by_role("link", name=re.compile("^Endpoints [0-9]+$")).click()
    tab.get_by_label("Type", exact=True).select_option("server")
    tab.get_by_role("button", name="Show").click()
    expect(tab.locator("tbody tr")).to_have_count(1)
    bare.close()


def test_parts_fit_every_width(page, tenant, payroll):
    long = "Extraordinarily-long-name-" * 12
    issue = make_issue(tenant, payroll, software_name=long, software_version=long[:300], endpoints=[long[:300]])
    host = issue.all_findings.get().endpoint
    for width in (390, 768, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for address in (*(HOME + part for part in PARTS), "/endpoints/", host.get_absolute_url()):
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, address)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_parts_keep_the_rules_of_accessibility(page, payroll, scheme):
    page.emulate_media(color_scheme=scheme)
    host = payroll.endpoints.get(name="pay-1")
    for address in (*(HOME + part for part in PARTS), "/endpoints/?type=server", host.get_absolute_url()):
        page.goto(address)
        assert faults(page) == "", address
