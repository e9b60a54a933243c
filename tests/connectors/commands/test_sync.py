from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from connectors.models import Connection, SyncRun
from connectors.sync.start import start_run
from tests.factories import make_connection

pytestmark = pytest.mark.django_db

COUNTERS = {"read", "created", "changed", "unchanged", "resolved", "reopened", "removed", "skipped"}
FIELDS = COUNTERS | {"run", "connection", "mode", "state", "issues", "requests", "seconds", "error"}


def test_the_only_connection_is_imported_to_the_end(manage, connection, console):
    done = manage("sync")
    connection.refresh_from_db()
    assert done.code == 0
    assert "Demo tenant: succeeded, full read." in done.out
    assert "Importing Demo tenant…" in done.err
    assert connection.last_full_at


def test_json_is_one_object_with_the_documented_names(manage, connection, console):
    first, second = manage("sync", "--json").json, manage("sync", "--json").json
    truth = console.tenant.truth()
    assert set(first) == FIELDS
    assert sorted(first["issues"]) == ["changed", "created", "removed", "reopened", "resolved"]
    assert first["created"] == first["read"] == truth.findings
    assert (second["created"], second["unchanged"]) == (0, first["read"])
    assert (first["state"], first["error"]) == ("succeeded", None)


def test_changes_only_after_a_full_read(manage, connection):
    assert manage("sync", "--delta", "--json").json["mode"] == "full"  # nothing was read before
    assert manage("sync", "--delta", "--json").json["mode"] == "delta"


def test_a_queued_import_is_adopted(manage, connection):
    run = start_run(connection, "full")
    assert manage("sync", "--json").json["run"] == str(run.pk)


def test_an_adopted_import_of_another_mode_is_followed_by_the_one_asked_for(manage, connection):
    manage("sync")
    connection.refresh_from_db()
    queued = start_run(connection, "full")
    said = manage("sync", "--delta", "--json").json
    assert said["mode"] == "delta"
    assert int(said["run"]) > queued.pk
    assert SyncRun.objects.get(pk=queued.pk).state == "succeeded"


def test_a_run_whose_worker_died_is_taken_over(manage, connection):
    run = start_run(connection, "full")
    SyncRun.objects.filter(pk=run.pk).update(state="running", owner="dead", lease_until=Now() + timedelta(seconds=1))
    assert manage("sync", "--json").json["state"] == "succeeded"


def test_a_refused_token_fails_with_its_sentence(manage, connection, console):
    console.tenant.faults.add("unauthorized", path="", times=None)
    done = manage("sync", "--json")
    assert done.code == 1
    assert (done.json["state"], done.json["error"]["code"]) == ("failed", "token_refused")
    assert console.token not in done.out + done.err


def test_a_read_that_stops_half_way_is_partial(manage, connection, console, settings):
    settings.SOURCE_PAGE_ROWS = 200
    console.tenant.faults.add("no_pagination", times=None, nth=2)
    done = manage("sync", "--json")
    assert (done.code, done.json["state"], done.json["read"]) == (3, "partial", 200)


def test_a_connection_is_named_by_name_or_id(manage, connection):
    make_connection("Other")
    assert manage("sync", "Demo tenant").code == 0
    assert manage("sync", str(connection.pk)).code == 0


def test_with_several_connections_one_must_be_named(manage, connection):
    make_connection("Other")
    done = manage("sync")
    assert done.code == 1
    assert f"“Demo tenant” ({connection.pk})" in done.err
    assert "“Other”" in done.err


def test_an_unknown_name_is_told_with_those_there_are(manage, connection):
    done = manage("sync", "Nowhere")
    assert done.code == 1
    assert "There is no connection “Nowhere”. There is: “Demo tenant”" in done.err


def test_with_nothing_connected_the_next_step_is_told(manage):
    done = manage("sync")
    assert done.code == 1
    assert "manage.py connect sentinelone" in done.err


def test_a_deleted_connection_is_not_imported(manage, connection):
    Connection.objects.update(deleted_at=Now())
    assert manage("sync", "Demo tenant").code == 1
