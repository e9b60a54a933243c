"""Severity factors in a real browser: look, try, save, and set one by hand; accessible, within the content policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from issues.models import Issue, RuleSet
from tests.axe import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(page_of, ada, seed, portal):
    return page_of(ada)


def test_weights_are_tried_then_saved(page):
    page.goto("/severity/")
    page.get_by_label("Weight of Workstations only").fill("-3.0")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview")).to_contain_text("1 down")
    page.get_by_placeholder("Why the weights change").fill("Laptops can wait")
    page.get_by_role("button", name="Save as version 2").click()
    expect(page.locator("#toasts")).to_contain_text("Rule set version 2 counts now")
    expect(page.locator("#versions")).to_contain_text("Laptops can wait")
    assert RuleSet.objects.current().all_weights["workstation"] == -3.0


def test_a_severity_is_set_by_hand_and_taken_back(page, seed):
    page.goto(seed.get_absolute_url())
    page.get_by_text("Set the severity by hand").click()
    page.get_by_label("Severity", exact=True).select_option("critical")
    page.get_by_label("Reason").fill("Crown jewels")
    page.get_by_role("button", name="Save decision").click()
    expect(page.locator("#summary-title")).to_have_text("Why this is Critical and not High")
    expect(page.locator(".ledger")).to_contain_text("Crown jewels")
    page.get_by_role("button", name="Take back").first.click()
    expect(page.locator("#summary-title")).to_have_text("Why this is Medium and not High")
    assert not Issue.objects.get(pk=seed.pk).overridden


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit_a_phone(page, seed, scheme):
    page.emulate_media(color_scheme=scheme)
    for path in ("/severity/", seed.get_absolute_url()):
        page.goto(path)
        assert faults(page) == ""
    page.goto("/severity/")
    page.get_by_label("Weight of Workstations only").fill("-3.0")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview")).to_be_visible()
    page.wait_for_load_state("networkidle")  # its forty style sheets
    assert faults(page) == ""
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
