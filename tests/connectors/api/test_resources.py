"""The tree of a tenant over REST, and the selection that is replaced as a whole."""

from __future__ import annotations

import pytest

from tests.factories import make_connection, make_resource


@pytest.fixture
def tree(tenant):
    account = make_resource(tenant, "Acme", "account")
    berlin = make_resource(tenant, "Berlin", parent=account, endpoints=7)
    bonn = make_resource(tenant, "Bonn", parent=account, selected=True)
    laptops = make_resource(tenant, "Laptops of Berlin", "group", parent=berlin)
    return {"account": account, "berlin": berlin, "bonn": bonn, "laptops": laptops}


@pytest.fixture
def url(tenant):
    return f"/api/v1/connections/{tenant.pk}/resources/"


def test_a_resource_says_where_it_hangs(tree, url, api_of, vic):
    rows = {row["name"]: row for row in api_of(vic).get(url).json()["results"]}

    assert rows["Berlin"] == {
        "id": str(tree["berlin"].pk), "parent": str(tree["account"].pk), "kind": "site", "name": "Berlin",
        "external_id": tree["berlin"].external_id, "state": "active", "endpoints": 7, "selected": False,
    }  # fmt: skip
    assert rows["Acme"]["parent"] is None
    assert rows["Acme"]["endpoints"] is None


def test_the_tree_is_searched_and_paged(tree, tenant, url, api_of, vic):
    make_resource(make_connection(), "Berlin of somebody else")
    api = api_of(vic)

    def names(query: str) -> list[str]:
        return [row["name"] for row in api.get(url + query).json()["results"]]

    assert names("?q=BERLIN") == ["Berlin", "Laptops of Berlin"]
    assert names(f"?parent={tree['account'].pk}") == ["Berlin", "Bonn"]
    assert names("?kind=group") == ["Laptops of Berlin"]
    assert names("?selected=true") == ["Bonn"]
    first = api.get(f"{url}?page_size=3").json()
    assert (first["count"], len(first["results"])) == (4, 3)
    assert [r["name"] for r in api.get(first["next"]).json()["results"]] == ["Laptops of Berlin"]


def test_saving_replaces_the_whole_selection(tree, tenant, url, api_of, ada):
    wanted = {"selected": [str(tree["berlin"].pk), str(tree["laptops"].pk)], "include_new": False}

    said = api_of(ada).put(url, wanted).json()

    tenant.refresh_from_db()
    assert said == {"selection": "picked", "selected": 2, "include_new": False}
    assert set(tenant.resources.picked()) == {tree["berlin"], tree["laptops"]}
    assert (tenant.selection, tenant.include_new) == ("picked", False)


def test_an_empty_selection_means_everything(tree, tenant, url, api_of, ada):
    api_of(ada).put(url, {"selected": [str(tree["berlin"].pk)], "include_new": True})

    said = api_of(ada).put(url, {"selected": [], "include_new": True}).json()

    assert said == {"selection": "all", "selected": 0, "include_new": True}
    assert not tenant.resources.picked().exists()


@pytest.mark.parametrize("selected", [["999999999"], ["x"], [7], "all", None])
def test_a_selection_of_something_else_changes_nothing(tree, tenant, url, api_of, ada, selected):
    response = api_of(ada).put(url, {"selected": selected, "include_new": True})

    assert (response.status_code, list(response.json())) == (400, ["selected"])
    assert list(tenant.resources.picked()) == [tree["bonn"]]


def test_the_resource_of_another_connection_is_no_choice(tree, url, api_of, ada):
    foreign = make_resource(make_connection(), "Elsewhere")

    response = api_of(ada).put(url, {"selected": [str(foreign.pk)]})

    assert response.json() == {"selected": [f"Not a resource of this connection: {foreign.pk}."]}


@pytest.mark.parametrize("pk", ["999999", "x"])
def test_a_connection_that_is_not_there_has_no_resources(db, api_of, ada, pk):
    assert api_of(ada).get(f"/api/v1/connections/{pk}/resources/").status_code == 404
