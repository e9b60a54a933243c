"""Connections over REST: tried before they are stored, changed, imported, deleted; the token never comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.access import role_of
from connectors.models import Connection, SyncRun
from tests.factories import TOKEN as STORED
from tests.factories import make_application, make_connection, make_issue, make_run
from tests.sources.console import error
from tests.sources.sentinelone.tenant import TOKEN

URL = "/api/v1/connections/"


def body(console, **values) -> dict[str, str]:
    return {"connector": "sentinelone", "host_url": console.url, "token": TOKEN, **values}


def test_a_tenant_is_connected_and_its_import_begins(console, api_of, ada, queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = api_of(ada).post(URL, body(console, name="Acme", host_url=f"{console.url}/web/api/v2.1"))

    said, stored = response.json(), Connection.objects.get()
    assert response.status_code == 201
    assert (said["id"], said["name"], said["host_url"]) == (str(stored.pk), "Acme", console.url)
    assert (said["state"], said["source_tool"], said["token_hint"]) == ("syncing", "SentinelOne", TOKEN[-4:])
    assert [step["code"] for step in said["steps"]] == ["host", "token", "scope", "findings", "scanning"]
    assert TOKEN not in response.content.decode()
    assert (stored.token.reveal(), stored.created_by) == (TOKEN, ada)
    assert said["run"] == str(stored.runs.get().pk)
    assert queue.functions == ["connectors.tasks.work"]


def test_a_connection_without_a_name_is_called_like_its_host(console, api_of, ada):
    api = api_of(ada)
    host = console.url.removeprefix("http://")

    names = [api.post(URL, body(console)).json()["name"] for _ in range(2)]

    assert names == [host, f"{host} (2)"]


def test_a_token_that_does_not_work_is_not_stored(console, api_of, ada):
    console.answer("/system/info", error(401))

    response = api_of(ada).post(URL, body(console))

    assert response.status_code == 400
    steps = {step["code"]: step["state"] for step in response.json()["steps"]}
    assert (steps["host"], steps["token"], steps["scope"]) == ("ok", "failed", "skipped")
    assert "token" in response.json()["detail"].lower()
    assert TOKEN not in response.content.decode()
    assert not Connection.objects.exists()


def test_a_token_without_the_module_is_stored_and_needs_attention(console, api_of, ada):
    console.answer("/application-management/risks", error(403))

    said = api_of(ada).post(URL, body(console)).json()

    assert said["state"] == "needs_attention"
    assert said["problem"]["message"]
    assert said["run"] is None
    assert Connection.objects.filter(next_run_at__gt=timezone.now()).exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"host_url": "not an address"}, "host_url"),
        ({"host_url": ""}, "host_url"),
        ({"token": ""}, "token"),
        ({"token": " "}, "token"),
        ({"connector": "nessus"}, "connector"),
        ({"name": "x" * 121}, "name"),
    ],
)
def test_what_makes_no_connection_is_refused_by_field(console, api_of, ada, values, field):
    response = api_of(ada).post(URL, body(console, **values))

    assert (response.status_code, list(response.json())) == (400, [field])


def test_a_taken_name_is_refused_and_free_again_after_deletion(console, tenant, api_of, ada):
    api = api_of(ada)

    refused = api.post(URL, body(console, name="Acme"))
    api.delete(f"{URL}{tenant.pk}/")

    assert (refused.status_code, list(refused.json())) == (400, ["name"])
    assert api.post(URL, body(console, name="Acme")).status_code == 201


def test_a_host_inside_a_private_network_is_refused(api_of, ada, settings, db):
    settings.SOURCE_ALLOWED_NETWORKS = ()

    response = api_of(ada).post(URL, {"connector": "sentinelone", "host_url": "https://127.0.0.1:1", "token": TOKEN})

    assert response.status_code == 400
    assert "private network" in response.json()["detail"]


def test_a_connection_is_renamed_paused_and_timed_anew(tenant, api_of, ada):
    api = api_of(ada)

    said = api.patch(f"{URL}{tenant.pk}/", {"name": "Acme EU", "interval_minutes": 60}).json()
    tenant.refresh_from_db()
    assert (said["name"], said["interval_minutes"]) == ("Acme EU", 60)
    assert timedelta(minutes=58) < tenant.next_run_at - timezone.now() < timedelta(minutes=61)

    said = api.patch(f"{URL}{tenant.pk}/", {"paused": True}).json()
    assert (said["state"], said["next_run_at"]) == ("paused", None)

    said = api.patch(f"{URL}{tenant.pk}/", {"paused": False}).json()
    assert said["state"] == "connected"
    assert said["next_run_at"] is not None


@pytest.mark.parametrize(
    ("values", "field"), [({"interval_minutes": 1}, "interval_minutes"), ({"name": "Globex"}, "name")]
)
def test_a_change_that_can_not_be_is_refused(tenant, api_of, ada, values, field):
    make_connection("Globex")

    response = api_of(ada).patch(f"{URL}{tenant.pk}/", values)

    assert (response.status_code, list(response.json())) == (400, [field])


def test_a_new_token_is_tried_before_it_replaces_the_old_one(console, api_of, ada):
    connection = make_connection("Loop", host_url=console.url, problem_code="token_refused", problem="Refused")
    api = api_of(ada)

    replaced = api.patch(f"{URL}{connection.pk}/", {"token": TOKEN})
    connection.refresh_from_db()
    assert (replaced.status_code, replaced.json()["state"]) == (200, "connected")
    assert connection.token.reveal() == TOKEN
    assert Connection.objects.due(timezone.now()).contains(connection)

    console.answer("/system/info", error(401))
    refused = api.patch(f"{URL}{connection.pk}/", {"token": "another one, quite wrong", "name": "Other"})
    connection.refresh_from_db()
    assert refused.status_code == 400
    assert (connection.token.reveal(), connection.name) == (TOKEN, "Loop")


def test_an_import_begins_once(tenant, api_of, ben):
    api = api_of(ben)

    begun = api.post(f"{URL}{tenant.pk}/sync/", {"mode": "full"})
    again = api.post(f"{URL}{tenant.pk}/sync/", {"mode": "full"})

    run = SyncRun.objects.get()
    assert (begun.status_code, begun.json()["run"], begun.json()["state"]) == (202, str(run.pk), "queued")
    assert (again.status_code, again.json()["run"]["run"]) == (409, str(run.pk))
    assert "running already" in again.json()["detail"]
    assert run.started_by == ben


def test_without_a_mode_the_import_reads_what_a_scheduled_one_would(tenant, api_of, ben):
    tenant.last_full_at = tenant.last_read_at = timezone.now()
    tenant.save()

    assert api_of(ben).post(f"{URL}{tenant.pk}/sync/").json()["mode"] == "delta"
    assert api_of(ben).post(f"{URL}{tenant.pk}/sync/", {"mode": "some"}).status_code == 400


@pytest.mark.parametrize(("query", "purge"), [("", False), ("?purge=true", True), ("?purge=false", False)])
def test_deleting_forgets_the_token_at_once(tenant, api_of, ada, query, purge):
    response = api_of(ada).delete(f"{URL}{tenant.pk}/{query}")

    tenant.refresh_from_db()
    assert response.status_code == 204
    assert (tenant.token.reveal(), tenant.purge) == ("", purge)
    assert tenant.deleted_at is not None
    assert api_of(ada).get(f"{URL}{tenant.pk}/").status_code == 404
    assert api_of(ada).get(URL).json()["count"] == 0


def test_deleting_with_a_wrong_word_deletes_nothing(tenant, api_of, ada):
    assert api_of(ada).delete(f"{URL}{tenant.pk}/?purge=perhaps").status_code == 400
    assert Connection.objects.live().exists()


def test_a_connection_says_how_it_does(tenant, api_of, vic):
    make_issue(tenant, make_application(), endpoints=2)
    make_issue(tenant, make_application(), state="resolved")

    said = api_of(vic).get(f"{URL}{tenant.pk}/").json()

    assert (said["state"], said["findings"], said["issues"], said["problem"]) == ("connected", 2, 1, None)


def test_roles_decide(tenant, api_of, ben, vic, olga):
    for person, read, sync, change in ((ben, 200, 202, 403), (vic, 200, 403, 403), (olga, 403, 403, 403)):
        api = api_of(person)
        assert api.get(URL).status_code == read
        assert api.get(f"{URL}{tenant.pk}/").status_code == read
        assert api.get(f"{URL}{tenant.pk}/resources/").status_code == read
        assert api.get("/api/v1/runs/").status_code == read
        assert api.post(f"{URL}{tenant.pk}/sync/", {"mode": "full"}).status_code == sync
        assert api.post(URL, {}).status_code == change
        assert api.patch(f"{URL}{tenant.pk}/", {"paused": True}).status_code == change
        assert api.put(f"{URL}{tenant.pk}/resources/", {"selected": []}).status_code == change
        assert api.delete(f"{URL}{tenant.pk}/").status_code == change


def test_nothing_that_is_stored_of_the_token_comes_back(tenant, api_of, ada):
    make_run(tenant)
    for address in (URL, f"{URL}{tenant.pk}/", f"{URL}{tenant.pk}/resources/", "/api/v1/runs/"):
        text = api_of(ada).get(address).content.decode()
        assert STORED not in text
        assert tenant.token.sealed not in text


def test_many_connections_cost_as_many_queries_as_one(tenant, api_of, ada, django_assert_num_queries):
    role_of(ada)
    with CaptureQueriesContext(database) as one:
        api_of(ada).get(URL)
    for _ in range(9):
        make_run(make_connection(), state="running")

    with django_assert_num_queries(len(one)):
        rows = api_of(ada).get(URL).json()["results"]
    assert [row["state"] for row in rows].count("syncing") == 9
