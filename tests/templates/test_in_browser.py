"""The face in a real browser: readable, reachable by keys, kept in its theme, and working without scripts."""

from __future__ import annotations

import pytest
from django.contrib import messages
from django.urls import path

from config import urls
from issues.views.patterns import patterns
from tests.axe import faults

pytestmark = [pytest.mark.browser, pytest.mark.urls(__name__)]


def told(request):
    messages.success(request, "2 issues snoozed", extra_tags="/undo/3/")
    return patterns(request)


urlpatterns = [path("patterns/", patterns), path("told/", told), *urls.urlpatterns]


@pytest.fixture
def tab(page_of, ben):
    tab = page_of(ben)
    tab.goto("/patterns/")
    return tab


@pytest.mark.parametrize("width", [1440, 800, 390])
def test_everybody_can_read_and_reach_it(tab, width):
    tab.set_viewport_size({"width": width, "height": 900})
    for theme in ("light", "dark"):
        tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert faults(tab) == ""
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_signing_in_is_readable(page):
    page.goto("/accounts/login/")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert faults(page) == ""


def test_a_chosen_theme_comes_with_the_next_page_itself(tab):
    tab.click("[popovertarget='theme']")
    tab.click("[data-set-theme='dark']")
    assert tab.get_attribute("html", "data-theme") == "dark"
    answer = tab.goto("/patterns/")
    assert 'data-theme="dark"' in answer.text()  # before any script ran
    tab.click("[popovertarget='theme']")
    tab.click("[data-set-theme='system']")
    assert "data-theme" not in tab.goto("/patterns/").text()


def test_the_keys_find_search_help_and_rows(tab):
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.id") == "search"
    tab.keyboard.type("jx")  # letters stay letters while typing
    assert tab.input_value("#search") == "jx"
    tab.evaluate("document.activeElement.blur()")
    tab.keyboard.press("?")
    assert tab.locator("#help").is_visible()
    tab.keyboard.press("Escape")
    assert not tab.locator("#help").is_visible()
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    tab.keyboard.press("k")
    tab.keyboard.press("j")
    assert tab.evaluate("document.activeElement.textContent") == "CVE-2026-28817 · 7-Zip"
    tab.keyboard.press("x")
    assert tab.text_content("[data-selected-count]") == "1"
    assert tab.evaluate("document.querySelector('[data-select-all]').indeterminate")


def test_all_rows_are_ticked_and_let_go(tab):
    assert not tab.locator(".bulk").is_visible()
    tab.check("[data-select-all]")
    assert tab.text_content("[data-selected-count]") == "4"
    tab.click("[data-clear-selection]")
    assert not tab.locator(".bulk").is_visible()


def test_shift_ticks_everything_between(tab):
    boxes = tab.locator("tbody .tick .check")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    assert [box.is_checked() for box in boxes.all()] == [True, True, True, False]


def test_a_branch_takes_its_leaves_along_but_is_not_chosen_by_them(tab):
    account, site, group = tab.locator(".tree .check").all()
    assert account.evaluate("box => box.indeterminate")
    account.click()
    assert [site.is_checked(), group.is_checked()] == [True, True]
    group.click()
    assert [account.is_checked(), site.is_checked()] == [False, False]
    group.click()
    assert not site.is_checked()
    assert site.evaluate("box => box.indeterminate")
    assert account.evaluate("box => box.indeterminate")


def test_a_dialog_holds_the_focus_and_begins_with_the_harmless_answer(tab):
    tab.click("text=Open a dialog")
    assert tab.locator("#delete-1").evaluate("dialog => dialog.matches(':modal')")
    assert tab.evaluate("document.activeElement.textContent") == "Keep it"
    tab.keyboard.press("Enter")
    assert not tab.locator("#delete-1").is_visible()


def test_what_is_swapped_into_the_drawer_opens_it_under_its_name(tab):
    tab.evaluate("htmx.ajax('GET', '/patterns/', {target: '#drawer-body', select: '.page-head'})")
    tab.locator("#drawer h1").wait_for()
    assert tab.get_attribute("#drawer", "aria-label") == "Components and their states"
    tab.mouse.click(100, 400)
    assert not tab.locator("#drawer").is_visible()


def test_a_swapped_number_is_said_aloud(tab):
    tab.evaluate("htmx.ajax('GET', '/patterns/', {target: '.page-head', select: '.list-head'})")
    tab.wait_for_function("document.querySelector('#live').textContent === '4 of 6,412'")


def test_a_server_that_is_gone_is_said(tab, complaints):
    tab.route("**/gone/", lambda route: route.abort())
    tab.evaluate("htmx.ajax('GET', '/gone/', {target: '#drawer-body'}).catch(() => 0)")
    tab.locator("[data-unreachable]").wait_for()
    complaints.clear()


def test_a_toast_is_undone_or_dismissed(page_of, ben):
    tab = page_of(ben)
    tab.goto("/told/")
    toast = tab.locator("#toasts .toast")
    assert toast.locator("form").get_attribute("action") == "/undo/3/"
    toast.locator("[data-dismiss]").click()
    assert toast.count() == 0


def test_without_scripts_menus_dialogs_and_the_bar_for_ticked_rows_work(browser, context, tab):
    bare = browser.new_context(
        base_url=tab.url.removesuffix("/patterns/"), java_script_enabled=False, storage_state=context.storage_state()
    )
    page = bare.new_page()
    page.goto("/patterns/")
    page.click("text=Open a dialog")
    assert page.locator("#delete-1").is_visible()
    page.click("text=Keep it")
    assert not page.locator("#delete-1").is_visible()
    page.locator("tbody .tick .check").first.check()
    assert page.locator(".bulk").is_visible()
    assert not page.locator("[data-clear-selection]").is_visible()
    assert not page.locator("[popovertarget='theme']").is_visible()
    bare.close()
