"""What scripts make quicker must mean the same as without them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from connectors.models import Connection
from tests.factories import make_connection, make_resource

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def production() -> Connection:
    connection = make_connection("Production")
    acme = make_resource(connection, "Acme", "account")
    berlin = make_resource(connection, "Berlin", parent=acme)
    make_resource(connection, "Lisbon", parent=acme)
    make_resource(connection, "Lab", "group", parent=berlin)
    make_resource(connection, "Build", "group", parent=berlin)
    make_resource(connection, "Retail", "account")
    return connection


def chosen(connection: Connection) -> set[str]:
    return set(connection.resources.picked().values_list("name", flat=True))


def test_connecting_shows_the_checks_and_then_the_importing_card(page_of, ada, console):
    page = page_of(ada)
    page.goto("/connectors/sentinelone/connect/")
    page.get_by_label("Sentinel One Host URL").fill(f"{console.url}/dashboard")
    page.get_by_label("API token").fill("this-token-belongs-to-nobody")
    page.get_by_role("button", name="Connect").click()
    expect(page.locator(".steps li.is-failed")).to_contain_text("API token works")
    expect(page.get_by_label("API token")).to_have_value("")
    expect(page.get_by_label("Sentinel One Host URL")).to_have_value(f"{console.url}/dashboard")
    expect(page.get_by_role("link", name="Open the console")).to_have_attribute("href", console.url)

    page.get_by_label("API token").fill(console.token)
    page.get_by_role("button", name="Connect").click()
    page.wait_for_url("**/connectors/#connection-*")
    expect(page.locator(".connection")).to_contain_text("Waiting for a worker")
    page.get_by_role("button", name="Cancel import").click()
    expect(page.locator(".connection")).to_contain_text("stopping")


def test_branches_open_and_close_without_losing_ticks(page_of, ada, production):
    page = page_of(ada)
    page.goto(f"/connectors/{production.pk}/resources/")
    page.get_by_label("site Lisbon").check()
    page.get_by_label("site Berlin").check()
    page.get_by_role("link", name="Berlin: groups").click()
    expect(page.get_by_label("group Lab")).to_be_checked()
    page.get_by_label("group Lab").uncheck()
    expect(page.get_by_label("site Berlin")).not_to_be_checked()
    page.get_by_role("link", name="Berlin: groups").click()
    expect(page.get_by_label("group Build")).to_be_hidden()
    expect(page.locator("#picked")).to_contain_text("2 selected")
    page.get_by_role("button", name="SAVE").click()
    page.wait_for_url("**/connectors/#connection-*")
    assert chosen(production) == {"Lisbon", "Build"}


def test_live_search_keeps_what_is_ticked(page_of, ada, production):
    page = page_of(ada)
    page.goto(f"/connectors/{production.pk}/resources/")
    page.get_by_label("site Lisbon").check()
    page.get_by_label("Search accounts, sites and groups").press_sequentially("lab")
    expect(page.get_by_label("group Lab")).to_be_visible()
    expect(page.get_by_label("site Lisbon")).to_have_count(0)
    page.get_by_label("group Lab").check()
    expect(page.locator("#picked")).to_contain_text("2 selected")
    page.get_by_role("button", name="SAVE").click()
    page.wait_for_url("**/connectors/#connection-*")
    assert chosen(production) == {"Lisbon", "Lab"}


def test_delete_asks_first(page_of, ada, production):
    page = page_of(ada)
    page.goto("/connectors/")
    page.get_by_role("button", name="DELETE").click()
    dialog = page.get_by_role("dialog", name="Delete “Production”?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="DELETE").click()
    dialog.get_by_role("button", name="Delete connection").click()
    expect(page.locator(".toast")).to_contain_text("Production was deleted")
    production.refresh_from_db()
    assert production.deleted_at


def test_the_menu_opens_beside_its_button(page_of, ada, production):
    page = page_of(ada)
    page.goto("/connectors/")
    button = page.get_by_role("button", name="More for Production")
    button.click()
    menu = page.locator(".menu-near")
    expect(menu.get_by_role("link", name="Replace token")).to_be_visible()
    near, far = button.bounding_box(), menu.bounding_box()
    assert far["y"] == pytest.approx(near["y"] + near["height"], abs=12)
    assert far["x"] + far["width"] == pytest.approx(near["x"] + near["width"], abs=4)
