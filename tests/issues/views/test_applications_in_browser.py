"""Applications in a real browser: filtered without a reload, previewed while one chooses, edited without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from issues.models import Application, ApplicationTag, RuleSet
from tests.axe import faults
from tests.factories import make_issue, make_issues

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(page_of, ada, tenant, payroll, shop):
    RuleSet.objects.current()
    Application.objects.unassigned()
    make_issues(3, tenant, payroll, cvss=6.8, vendor_severity="medium")
    make_issue(tenant, shop)
    ApplicationTag.objects.create(application=payroll, name="pci")
    return page_of(ada)


def test_ticking_a_filter_swaps_the_list_and_the_address(page):
    page.goto("/applications/")
    page.evaluate("window.stays = true")
    page.get_by_label("pci").check()
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/applications/\?tag=pci$"))
    expect(page.locator("#live")).to_contain_text("1 of 3")
    page.get_by_role("link", name="Risk").click()
    expect(page).to_have_url(re.compile(r"tag=pci&sort="))
    page.get_by_label("Remove filter Tag: pci").click()
    expect(page.locator("#results tbody tr")).to_have_count(3)
    assert page.evaluate("window.stays")


def test_effects_follow_while_one_chooses_and_are_said(page, payroll):
    page.goto("/applications/payroll/edit/")
    expect(page.locator("#effects")).to_contain_text("3 active issues follow what you choose here.")
    page.get_by_label("Internet-facing").check()
    expect(page.locator("#effects")).to_contain_text("3 active issues would go up, 0 down")
    expect(page.locator("#live")).to_contain_text("3 active issues would go up")
    expect(page.get_by_label("Internet-facing")).to_be_focused()
    page.get_by_label("Internet-facing").uncheck()
    expect(page.locator("#effects")).to_contain_text("No severity depends on what would change.")
    page.get_by_label("Tags").fill("pci, blue")
    page.get_by_label("Tags").press("Enter")
    expect(page).to_have_url(re.compile(r"/applications/payroll/$"))
    expect(page.locator(".toast")).to_contain_text("Payroll: Tags added: blue.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone: Tags removed: blue.")
    assert [tag.name for tag in payroll.tags.all()] == ["pci"]


def test_many_are_edited_without_scripts(browser, live_server, page, context):
    bare = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=context.storage_state()
    )
    tab = bare.new_page()
    tab.goto("/applications/")
    tab.get_by_label("Select Payroll").check()
    tab.get_by_label("Select Web shop").check()
    tab.get_by_role("button", name="Edit").click()
    tab.get_by_label("Business priority").select_option("1")
    tab.get_by_role("button", name="Show what changes").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Change 2 applications?")
    tab.get_by_role("button", name="Change 2 applications").click()
    expect(tab.locator(".toast")).to_contain_text("2 applications: Business priority 3 → 1.")
    assert Application.objects.filter(business_priority=1).count() == 2
    tab.get_by_role("button", name="Undo").click()
    assert not Application.objects.filter(business_priority=1).exists()
    bare.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_are_accessible_and_fit(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for address in (
        "/applications/?tag=pci", "/applications/new/", "/applications/payroll/edit/", "/applications/web-shop/delete/",
        "/applications/bulk/?application=payroll&application=web-shop",
    ):  # fmt: skip
        page.goto(address)
        assert faults(page) == "", address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    page.get_by_label("Internet-facing").select_option("yes")
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_text("Biggest movers")).to_be_visible()
    assert faults(page) == ""
