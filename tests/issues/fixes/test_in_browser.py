"""What to fix first in a real browser: rows that open in place, filters, without scripts, on a phone, accessible."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from issues.ingest.upkeep import keep_up
from tests.axe import faults
from tests.factories import make_application, make_issue, make_issues

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(page_of, ada, tenant, payroll, olga):
    make_issues(3, tenant, payroll, software_name="A product with a name that is far too long " * 6)
    for application in (payroll, make_application("Web shop", owners=[olga])):
        make_issue(tenant, application, software_name="Chrome", software_version="142.0", endpoints=2)
    keep_up()
    return page_of(ada)


def test_a_row_opens_to_its_applications(page):
    page.goto("/fixes/?q=chrome")
    page.evaluate("window.stays = true")
    page.get_by_text("newer than 142.0").click()
    expect(page.locator(".fix-list li")).to_have_count(2)
    expect(page.locator(".fix-list")).to_contain_text("Web shop")
    assert page.evaluate("window.stays")
    page.locator(".fix-list").get_by_role("link", name="1 issue").first.click()
    expect(page).to_have_url(re.compile(r"/issues/\?software=%22Chrome%22&application="))
    expect(page.locator("tbody tr")).to_have_count(1)


def test_filters_and_heads(page):
    page.goto("/fixes/")
    page.get_by_label("Application", exact=True).select_option("Web shop")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("table.fixes > tbody > tr")).to_have_count(1)
    page.get_by_role("link", name="Risk", exact=True).click()
    expect(page).to_have_url(re.compile("application=web-shop.*sort=-risk"))
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("table.fixes > tbody > tr")).to_have_count(2)


def test_without_scripts_a_link_leads_to_the_applications(browser, live_server, page, context):
    bare = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=context.storage_state()
    )
    tab = bare.new_page()
    tab.goto("/fixes/?q=chrome")
    tab.get_by_text("newer than 142.0").click()
    tab.get_by_role("link", name="Show where").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Update Chrome")
    expect(tab.locator("tbody tr")).to_have_count(2)
    bare.close()


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_runs_over_the_edge_and_axe_finds_nothing(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    for address in ("/fixes/", "/"):
        page.goto(address)
        page.locator("details").first.evaluate("it => it.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults(page) == ""
    page.goto("/fixes/?q=chrome")
    page.locator("a.title").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Update Chrome")
    assert faults(page) == ""
