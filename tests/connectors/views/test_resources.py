from __future__ import annotations

import re

import pytest
from django.test import Client

from connectors.models import Connection, Resource
from tests.factories import make_connection, make_resource

pytestmark = pytest.mark.django_db


class Picker:
    """The page as a browser without scripts uses it: what is on it goes back, with some boxes changed."""

    def __init__(self, client: Client, connection: Connection, query: str = "") -> None:
        self.client, self.address = client, f"/connectors/{connection.pk}/resources/"
        self.read(client.get(self.address + query))

    def read(self, answer) -> None:
        assert answer.status_code == 200
        self.html = answer.content.decode()
        self.boxes = {
            int(value): "checked" in rest
            for value, rest in re.findall(r'name="selected" value="(\d+)"([^>]*)>', self.html)
        }
        self.hidden = re.findall(r'type="hidden" name="(draft|shown|filtered|open)" value="([^"]*)"', self.html)

    def is_ticked(self, resource: Resource) -> bool:
        return self.boxes[resource.pk]

    def tick(self, *resources: Resource, on: bool = True) -> None:
        for resource in resources:
            assert resource.pk in self.boxes
            self.boxes[resource.pk] = on

    def post(self, address: str = "", **fields: str):
        data: dict[str, list[str]] = {"selected": [str(pk) for pk, ticked in self.boxes.items() if ticked]}
        for name, value in self.hidden:
            data.setdefault(name, []).append(value)
        return self.client.post(self.address + address, {**data, **fields}, follow=True)

    def search(self, text: str) -> None:
        self.read(self.post(find="1", q=text))

    def save(self, **fields: str) -> str:
        return self.post(save="1", **fields).content.decode()


@pytest.fixture
def tree() -> dict[str, Resource]:
    connection = make_connection("Production")
    acme = make_resource(connection, "Acme", "account", endpoints=4918)
    berlin = make_resource(connection, "Berlin", parent=acme, endpoints=643)
    return {
        "acme": acme,
        "berlin": berlin,
        "lisbon": make_resource(connection, "Lisbon", parent=acme),
        "expired": make_resource(connection, "Contractors", parent=acme, state="expired"),
        "gone": make_resource(connection, "Old pilot", parent=acme, state="deleted"),
        "lab": make_resource(connection, "Lab", "group", parent=berlin),
        "build": make_resource(connection, "Build agents", "group", parent=berlin),
        "retail": make_resource(connection, "Retail", "account"),
    }


@pytest.fixture
def production(tree) -> Connection:
    return tree["acme"].connection


def chosen(connection: Connection) -> set[str]:
    connection.refresh_from_db()
    return set(connection.resources.picked().values_list("name", flat=True))


def test_the_tree_shows_states_and_counts_and_keeps_groups_for_later(ada_client, production, tree):
    picker = Picker(ada_client, production)
    assert "4,918" in picker.html
    for state in ("Active", "Expired", "Deleted"):
        assert f"{state}</span>" in picker.html
    assert tree["lab"].pk not in picker.boxes
    assert f'href="?open={tree["berlin"].pk}"' in picker.html
    assert 'aria-expanded="false" aria-label="Berlin: groups"' in picker.html


def test_a_plain_link_opens_a_site(ada_client, production, tree):
    picker = Picker(ada_client, production, f"?open={tree['berlin'].pk}")
    assert tree["lab"].pk in picker.boxes
    assert 'aria-expanded="true" aria-label="Berlin: groups"' in picker.html


def test_saving_replaces_the_selection_and_says_how_many(ada_client, production, tree):
    picker = Picker(ada_client, production)
    picker.tick(tree["berlin"], tree["retail"])
    assert "2 selected, from the next import of Production on." in picker.save()
    assert chosen(production) == {"Berlin", "Retail"}
    assert (production.selection, production.include_new) == ("picked", False)

    again = Picker(ada_client, production)
    assert again.is_ticked(tree["berlin"])
    again.tick(tree["berlin"], on=False)
    again.save(include_new="1")
    assert chosen(production) == {"Retail"}
    assert production.include_new


def test_a_save_after_a_search_drops_nothing_that_the_search_hid(ada_client, production, tree):
    first = Picker(ada_client, production, f"?open={tree['berlin'].pk}")
    first.tick(tree["lab"], tree["retail"])
    first.save()
    found = Picker(ada_client, production, "?q=lisbon")
    assert tree["retail"].pk not in found.boxes
    found.tick(tree["lisbon"])
    found.save(q="lisbon")
    assert chosen(production) == {"Lab", "Retail", "Lisbon"}


def test_ticks_survive_a_search_before_they_are_saved(ada_client, production, tree):
    picker = Picker(ada_client, production)
    picker.tick(tree["berlin"])
    picker.search("retail")
    picker.tick(tree["retail"])
    assert chosen(production) == set()
    picker.search("")
    assert picker.is_ticked(tree["berlin"])
    assert picker.is_ticked(tree["retail"])
    assert "2 added" in picker.html
    picker.save()
    assert chosen(production) == {"Berlin", "Retail"}


def test_an_opened_branch_comes_alone_and_shows_the_tick_of_its_site(ada_client, production, tree):
    picker = Picker(ada_client, production)
    picker.tick(tree["berlin"])
    branch = picker.post(f"?branch={tree['berlin'].pk}").content.decode()
    assert branch.strip().startswith(f'<li id="branch-{tree["berlin"].pk}">')
    assert re.search(rf'value="{tree["lab"].pk}" checked', branch)
    assert "Lisbon" not in branch
    assert chosen(production) == set()


def test_a_half_chosen_branch_shows_it(ada_client, production, tree):
    picker = Picker(ada_client, production, f"?open={tree['berlin'].pk}")
    picker.tick(tree["lab"])
    picker.save()
    page = Picker(ada_client, production).html
    assert re.search(rf'value="{tree["berlin"].pk}" data-mixed', page)
    assert "1 of 2 groups" in page


def test_taking_a_site_out_of_a_selected_account_keeps_the_other_sites(ada_client, production, tree):
    picker = Picker(ada_client, production)
    picker.tick(tree["acme"])
    picker.save()
    again = Picker(ada_client, production)
    assert again.is_ticked(tree["lisbon"])
    again.tick(tree["acme"], tree["lisbon"], on=False)
    again.save()
    assert chosen(production) == {"Berlin", "Contractors", "Old pilot"}


def test_select_all_ticks_everything_and_saves_nothing_yet(ada_client, production, tree):
    picker = Picker(ada_client, production)
    picker.read(picker.post(all="1"))
    assert all(picker.boxes.values())
    assert chosen(production) == set()
    picker.save()
    assert chosen(production) == {"Acme", "Retail"}


def test_select_all_of_a_search_adds_what_matches(ada_client, production, tree):
    picker = Picker(ada_client, production)
    picker.tick(tree["retail"])
    picker.search("l")
    picker.read(picker.post(all="1", q="berlin"))
    picker.save(q="berlin")
    assert chosen(production) == {"Berlin", "Retail"}


def test_nothing_selected_means_everything_and_is_said(ada_client, production, tree):
    picker = Picker(ada_client, production)
    picker.tick(tree["berlin"])
    picker.save()
    again = Picker(ada_client, production)
    again.tick(tree["berlin"], on=False)
    assert "Nothing is selected, so everything is imported" in again.save()
    production.refresh_from_db()
    assert production.selection == "all"


def test_the_count_is_told_while_ticking(ada_client, production, tree):
    picker = Picker(ada_client, production)
    picker.tick(tree["berlin"], tree["lisbon"])
    assert "<b>2 selected</b>, 2 added" in picker.post("?picked").content.decode()


def test_live_search_answers_with_the_tree_alone(ada_client, production, tree):
    page = ada_client.post(
        f"/connectors/{production.pk}/resources/", {"q": "lab", "shown": ""}, HTTP_HX_REQUEST="true"
    ).content.decode()
    assert page.strip().startswith('<div id="picker-body">')
    assert "Lab</span>" in page
    assert "Lisbon" not in page
    assert "1 of 8 match" in page


def test_a_plain_list_of_ids_is_the_whole_selection(ada_client, production, tree):
    address = f"/connectors/{production.pk}/resources/"
    ada_client.post(address, {"selected": [tree["berlin"].pk, tree["lab"].pk]})
    ada_client.post(address, {"selected": [tree["retail"].pk]})
    assert chosen(production) == {"Retail"}


def test_resources_of_another_connection_are_refused(ada_client, production, tree):
    stranger = make_resource(make_connection(), "Stranger")
    page = ada_client.post(f"/connectors/{production.pk}/resources/", {"selected": [stranger.pk]}, follow=True)
    assert "Nothing was saved" in page.content.decode()
    stranger.refresh_from_db()
    assert not stranger.selected


def test_a_new_connection_reads_its_resources_from_the_console_on_demand(ada_client, connection, console):
    page = ada_client.get(f"/connectors/{connection.pk}/resources/").content.decode()
    assert "Nothing was imported yet" in page
    page = ada_client.post(f"/connectors/{connection.pk}/resources/read/", follow=True).content.decode()
    assert "The resources were read from the console." in page
    assert connection.resources.filter(kind="site").exists()


def test_a_console_that_does_not_answer_is_told(ada_client, connection, console):
    console.tenant.faults.add("unauthorized", path="", times=None)
    page = ada_client.post(f"/connectors/{connection.pk}/resources/read/", follow=True).content.decode()
    assert 'class="toast toast-error"' in page
    assert not connection.resources.exists()


def test_a_long_branch_shows_its_first_rows_and_a_way_to_the_rest(ada_client):
    connection = make_connection()
    account = make_resource(connection, "Acme", "account")
    Resource.objects.bulk_create(
        Resource(connection=connection, kind="site", external_id=str(n), parent=account, name=f"Site {n:04}")
        for n in range(250)
    )
    picker = Picker(ada_client, connection)
    assert len(picker.boxes) == 101
    assert "Show 150 more" in picker.html
    assert len(Picker(ada_client, connection, f"?whole={account.pk}").boxes) == 251
    picker.boxes = dict.fromkeys(picker.boxes, False)
    picker.boxes[account.pk] = True
    picker.save()
    assert chosen(connection) == {"Acme"}


def test_1500_sites_fit_into_one_save(ada_client):
    connection = make_connection()
    account = make_resource(connection, "Acme", "account")
    Resource.objects.bulk_create(
        Resource(connection=connection, kind="site", external_id=str(n), parent=account, name=f"Site {n:04}")
        for n in range(1_500)
    )
    picker = Picker(ada_client, connection, f"?open={account.pk}&whole={account.pk}")
    picker.boxes = {pk: pk != account.pk for pk in picker.boxes}
    picker.save()
    assert connection.resources.picked().count() == 1_500


def test_only_admins_pick(client_of, ben, vic, olga, production, tree):
    for person in (ben, vic, olga):
        for address in ("resources/", "resources/read/"):
            answer = client_of(person).post(f"/connectors/{production.pk}/{address}", {"selected": [tree["lab"].pk]})
            assert answer.status_code == 403
    assert chosen(production) == set()
