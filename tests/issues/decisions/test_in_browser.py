"""Deciding in a real browser: ticks, the bar, the dialog, keys, undo, and all of it without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from issues.models import Issue
from tests.axe import faults
from tests.factories import make_issues

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(page_of, ben, tenant, payroll):
    make_issues(60, tenant, payroll, vendor_severity="high")
    return page_of(ben)


def states() -> dict[str | None, int]:
    found = list(Issue.objects.values_list("state", flat=True))
    return {state: found.count(state) for state in set(found)}


def bar(page):
    return page.get_by_role("group", name="Actions on the selection")


def test_tick_two_set_their_severity_and_undo_it(page):
    page.goto("/issues/")
    expect(bar(page)).to_be_hidden()
    page.locator("tbody .check").nth(0).check()
    page.locator("tbody .check").nth(2).check()
    expect(bar(page)).to_contain_text("2 selected")
    bar(page).get_by_role("button", name="Severity").click()
    dialog = page.get_by_role("dialog", name="Set the severity of 2 issues")
    dialog.get_by_role("combobox", name="Severity").select_option("critical")
    dialog.get_by_label("Reason").fill("Crown jewels")
    dialog.get_by_role("button", name="Set severity").click()
    expect(page.get_by_text("2 issues set to Critical by hand.")).to_be_visible()
    expect(page.locator("tbody .sev-critical")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone for 2 issues.")).to_be_visible()
    expect(page.locator("tbody .sev-critical")).to_have_count(0)
    assert Issue.objects.filter(overridden=True).count() == 0


def test_all_that_match_are_chosen_and_let_go_by_one_row(page):
    page.goto("/issues/")
    page.locator("tbody .check").nth(0).check()
    bar(page).get_by_text("Select all 60").click()
    expect(bar(page)).to_contain_text("60 selected")
    expect(page.locator("tbody .check:checked")).to_have_count(50)
    page.locator("tbody .check").nth(5).uncheck()
    expect(bar(page)).to_contain_text("49 selected")
    bar(page).get_by_text("Select all 60").click()
    bar(page).get_by_role("button", name="Snooze").click()
    dialog = page.get_by_role("dialog", name="Snooze 60 issues")
    dialog.get_by_role("button", name="Snooze 60 issues").click()
    expect(page.get_by_text("60 issues snoozed until")).to_be_visible()
    assert states() == {"excluded": 60}


def test_keys_tick_and_the_cross_lets_go(page):
    page.goto("/issues/")
    for key in "jxjx":
        page.keyboard.press(key)
    expect(bar(page)).to_contain_text("2 selected")
    page.get_by_role("button", name="Clear the selection").click()
    expect(bar(page)).to_be_hidden()
    page.get_by_label("All on this page").check()
    expect(bar(page)).to_contain_text("50 selected")


def test_the_form_asks_for_what_the_kind_needs_and_says_what_is_missing(page):
    page.goto("/issues/")
    page.locator("tbody .check").nth(0).check()
    bar(page).get_by_role("button", name="Exclude").click()
    dialog = page.locator("dialog#decide")
    expect(dialog.get_by_role("textbox", name="Until")).to_be_hidden()
    dialog.get_by_label("Accept the risk").check()
    expect(dialog.get_by_role("textbox", name="Until")).to_be_visible()
    dialog.get_by_role("button", name="Exclude 1 issue").click()
    expect(page.get_by_text("Say why the risk can be accepted.")).to_be_visible()
    expect(page.get_by_label("Accept the risk")).to_be_checked()
    page.get_by_label("Reason").fill("Nobody can reach it")
    page.get_by_role("button", name="Exclude 1 issue").click()
    expect(page.get_by_text("1 issue excluded: accepted risk until")).to_be_visible()


def test_without_a_script_the_bar_leads_to_a_page(browser, live_server, page, context):
    bare = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=context.storage_state()
    )
    tab = bare.new_page()
    tab.goto("/issues/")
    tab.locator("tbody .check").nth(0).check()
    tab.locator("tbody .check").nth(1).check()
    bar(tab).get_by_role("button", name="Exclude").click()
    expect(tab.get_by_role("heading", name="Exclude 2 issues")).to_be_visible()
    tab.get_by_label("Reason").fill("Not our build")
    tab.get_by_role("button", name="Exclude 2 issues").click()
    expect(tab.get_by_text("2 issues excluded: false positive.")).to_be_visible()
    tab.get_by_role("button", name="Undo").click()
    expect(tab.get_by_text("Undone for 2 issues.")).to_be_visible()
    bare.close()
    assert states() == {"active": 60}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bar_dialog_and_cards_keep_the_rules_of_accessibility(page, tenant, payroll, scheme):
    make_issues(2, tenant, payroll, software_name="Chrome")
    page.emulate_media(color_scheme=scheme)
    for number, width in enumerate((1440, 390)):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/issues/")
        page.locator("tbody .check").nth(0).check()
        assert faults(page) == ""
        page.goto("/issues/?software=Chrome")  # few rows: each is looked at again under every dialog
        page.locator("tbody .check").nth(0).check()
        for name in ("Exclude", "Snooze", "Severity", "Owner", "Comment"):
            bar(page).get_by_role("button", name=name).click()
            expect(page.locator("dialog#decide")).to_be_visible()
            assert faults(page) == "", name
            page.keyboard.press("Escape")
        page.goto(f"/issues/decide/?do=decide&issue={Issue.objects.first().pk}")
        assert faults(page) == ""
        page.goto(Issue.objects.order_by("pk")[number].get_absolute_url())
        page.locator("#decision").get_by_label("Snooze").check()
        page.get_by_role("button", name="Save decision").click()
        expect(page.get_by_text("Take back").first).to_be_visible()
        assert faults(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= width
