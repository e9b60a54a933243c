"""The pages in a real browser: filters without a reload, keys, long names, accessibility, the content policy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.axe import faults
from tests.factories import make_application, make_issue, make_issues

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Extraordinarily-long-name-of-a-product-" * 15


@pytest.fixture
def page(page_of, ada, tenant, payroll):
    make_issues(3, tenant, payroll, vendor_severity="high", software_name="OpenSSL")
    make_issues(2, tenant, make_application("Web shop"), vendor_severity="low", software_name="Chrome")
    return page_of(ada)


def test_ticking_a_filter_swaps_the_list_and_the_address(page):
    page.goto("/issues/")
    page.evaluate("window.stays = true")
    page.get_by_label("Low").first.check()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"/issues/\?severity=low$"))
    expect(page.locator(".chip")).to_contain_text("Severity Low")
    expect(page.locator("#severity-low")).to_be_focused()
    expect(page.locator("#live")).to_contain_text("2 of 5")
    assert page.evaluate("window.stays")
    page.get_by_label("Remove filter Severity: Low").click()
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.locator("#severity-low")).not_to_be_checked()


def test_going_back_brings_the_list_before(page):
    page.goto("/issues/")
    page.get_by_label("Low").first.check()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.locator("nav.nav")).to_be_visible()


def test_heads_sort_without_a_reload(page):
    page.goto("/issues/")
    page.get_by_role("link", name="Issue", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Issue")
    expect(page).to_have_url(re.compile("sort=title"))


def test_without_scripts_the_button_applies_the_filters(browser, live_server, page, context):
    bare = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=context.storage_state()
    )
    tab = bare.new_page()
    tab.goto("/issues/")
    tab.get_by_label("Low").first.check()
    tab.get_by_role("button", name=re.compile("Show 5 issues")).click()
    expect(tab.locator("tbody tr")).to_have_count(2)
    bare.close()


def test_keys_walk_the_rows_and_open_one(page):
    page.goto("/issues/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tbody tr").nth(1).locator("a.title")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/issues/\d+/$"))


def test_a_name_of_600_characters_breaks_no_layout(page, tenant):
    endless = make_application(LONG[:200])
    issue = make_issue(tenant, endless, software_name=LONG[:600], vendor_severity="critical", endpoints=[LONG[:300]])
    host = issue.all_findings.get().endpoint
    for width in (390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for address in (
            "/", "/issues/", issue.get_absolute_url(), f"{issue.get_absolute_url()}endpoints/", "/applications/",
            endless.get_absolute_url(), "/endpoints/", host.get_absolute_url(),
        ):  # fmt: skip
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, address)
    page.goto("/issues/")
    assert page.locator("tbody tr").first.bounding_box()["height"] < 60


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_keep_the_rules_of_accessibility(page, payroll, scheme):
    page.emulate_media(color_scheme=scheme)
    issue = payroll.issues.first()
    host = issue.all_findings.get().endpoint
    for address in (
        "/", "/issues/", "/issues/?severity=critical", "/issues/?state=resolved", issue.get_absolute_url(),
        f"{issue.get_absolute_url()}endpoints/", "/applications/", "/applications/payroll/", "/endpoints/",
        host.get_absolute_url(),
    ):  # fmt: skip
        page.goto(address)
        assert faults(page) == "", address
