"""The editor in a real browser: the order by keyboard, mouse and buttons; preview and save; accessible, and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from issues.mapping.rules import current
from tests.axe import faults
from tests.issues.mapping_pages.forms import URL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(page_of, ben, hosts) -> Page:
    tab: Page = page_of(ben)
    tab.goto(URL)
    return tab


def order(page: Page) -> Locator:
    return page.locator("[data-rule] summary b")


def test_rules_change_places_by_keyboard_and_are_saved_in_that_order(page):
    page.locator("#rule-2 summary").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(order(page)).to_have_text(["Tags", "Berlin"])
    expect(page.locator("#rule-2 summary")).to_be_focused()
    expect(page.locator("#live")).to_have_text("Tags is number 1 of 2 now.")
    expect(page.locator("[data-place]")).to_have_text(["1", "2"])
    expect(page.locator("#up-2")).to_be_disabled()
    page.keyboard.press("Alt+ArrowUp")
    expect(order(page)).to_have_text(["Tags", "Berlin"])
    page.locator("#do-save").click()
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    expect(page.locator("#preview-title")).to_be_focused()
    page.locator("#do-save").click()
    expect(page.locator("#toasts")).to_contain_text("Version 2 counts now")
    assert [rule.name for rule in current()] == ["Tags", "Berlin"]


def test_buttons_and_the_mouse_move_rules_without_a_reload(page):
    page.evaluate("window.stays = true")
    page.locator("#down-1").click()
    expect(order(page)).to_have_text(["Tags", "Berlin"])
    expect(page.locator("#up-1")).to_be_focused()
    page.locator("#rule-1 [data-grip]").drag_to(page.locator("#rule-2 summary"), target_position={"x": 60, "y": 4})
    expect(order(page)).to_have_text(["Berlin", "Tags"])
    assert page.evaluate("window.stays")


def test_a_rule_is_written_previewed_and_what_is_open_stays_open(page):
    page.locator("#rule-1 summary").click()
    page.get_by_role("button", name="Add rule").click()
    rule = page.locator("#rule-3")
    expect(rule.get_by_label("Name (optional)")).to_be_focused()
    expect(page.locator("#rule-1 details")).to_have_attribute("open", "")
    rule.get_by_label("Name (optional)").fill("Shop")
    rule.get_by_label("Field of condition 1").select_option("name")
    expect(rule.get_by_label("Key of the tag in condition 1")).to_be_hidden()
    rule.get_by_label("Comparison of condition 1").select_option("glob")
    rule.get_by_label("Value of condition 1").fill("pay-*")
    rule.get_by_label("Application", exact=True).fill("Shop")
    page.keyboard.press("Enter")  # previews
    expect(page.locator("#preview")).to_contain_text("3 endpoints and 1 issue would move")
    expect(rule.locator(".rule-count")).to_have_text("3 endpoints")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_keeps_the_rules_of_accessibility_and_fits_a_phone(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.get_by_role("link", name="Draft a rule").first.click()
    page.locator("#do-preview").click()
    expect(page.locator("#preview")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert faults(page) == ""
    page.get_by_role("button", name="Add rule").click()
    expect(page.locator("#preview")).to_be_hidden()
    page.locator("#do-save").click()
    expect(page.get_by_text("Nothing was saved.")).to_be_visible()
    assert faults(page) == ""
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(URL)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults(page) == ""
