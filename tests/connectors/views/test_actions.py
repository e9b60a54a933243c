"""Starting, cancelling, pausing, renaming, deleting: who may, and what is left afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver

from connectors.models import Connection, Resource, RunResource, SyncRun
from tests.factories import make_application, make_connection, make_finding, make_resource, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def production() -> Connection:
    return make_connection("Production")


def post(client, connection: Connection, action: str, follow: bool = True, **fields):
    return client.post(f"/connectors/{connection.pk}/{action}/", fields, follow=follow)


def test_sync_now_begins_a_full_read_in_the_name_of_whoever_asked(ben_client, ben, production, queue):
    page = post(ben_client, production, "sync")
    assert page.redirect_chain == [(f"/connectors/#connection-{production.pk}", 302)]
    run = production.active_run
    assert (run.mode, run.started_by) == ("full", ben)
    assert "An import of Production has begun." in page.content.decode()


def test_changes_only_is_asked_for_by_its_mode(ben_client, production):
    Connection.objects.update(last_read_at="2026-11-01T00:00Z")
    post(ben_client, production, "sync", mode="delta")
    assert production.active_run.mode == "delta"


def test_a_second_import_is_refused_with_a_sentence(ben_client, production):
    post(ben_client, production, "sync")
    page = post(ben_client, production, "sync").content.decode()
    assert "An import of Production is running already." in page
    assert SyncRun.objects.count() == 1


def test_over_htmx_the_card_comes_back_with_the_message(ben_client, production):
    answer = ben_client.post(f"/connectors/{production.pk}/sync/", HTTP_HX_REQUEST="true").content.decode()
    assert answer.strip().startswith(f'<section class="connection" id="connection-{production.pk}"')
    assert 'hx-trigger="every 2s"' in answer
    assert 'hx-swap-oob="beforeend"' in answer
    assert "has begun" in answer


def test_an_import_is_cancelled(ben_client, production):
    run = make_run(production, "running")
    page = ben_client.post(f"/connectors/runs/{run.pk}/cancel/", {"back": "run"}, follow=True)
    run.refresh_from_db()
    assert run.cancel_requested
    assert page.redirect_chain[0][0] == f"/connectors/runs/{run.pk}/"


def test_an_import_that_is_over_can_not_be_cancelled(ben_client, production):
    run = make_run(production)
    page = ben_client.post(f"/connectors/runs/{run.pk}/cancel/", follow=True)
    assert "over already" in page.content.decode()


def test_pause_and_resume(ada_client, production):
    post(ada_client, production, "pause", paused="1")
    production.refresh_from_db()
    assert (production.paused, production.next_run_at) == (True, None)
    post(ada_client, production, "pause", paused="0")
    production.refresh_from_db()
    assert not production.paused
    assert production.next_run_at is not None


def test_name_and_interval_are_changed(ada_client, production):
    post(ada_client, production, "settings", name="Head office", interval_minutes="720")
    production.refresh_from_db()
    assert (production.name, production.interval_minutes, production.paused) == ("Head office", 720, False)


def test_a_taken_name_is_refused_and_the_page_keeps_the_old_one(ada_client, production):
    make_connection("Retail")
    page = post(ada_client, production, "settings", name="Retail", interval_minutes="60").content.decode()
    production.refresh_from_db()
    assert production.name == "Production"
    assert production.interval_minutes == 360
    assert "Another connection has this name" in page
    assert "What Production is called" in page


def test_an_unusual_interval_stays_choosable(ada_client, production):
    Connection.objects.update(interval_minutes=95)
    page = ada_client.get(f"/connectors/{production.pk}/settings/").content.decode()
    assert '<option value="95" selected>Every 95 minutes</option>' in page


def test_deleting_says_what_goes_and_what_stays(ada_client, production):
    make_finding(production, make_application("Payroll"))
    page = ada_client.get(f"/connectors/{production.pk}/delete/").content.decode()
    assert "Delete “Production”?" in page
    assert "<b>1 issues</b> with 1 findings become removed" in page
    assert "Keep it" in page
    assert "Delete connection" in page


def test_deleting_forgets_the_token_at_once(ada_client, production, queue):
    page = post(ada_client, production, "delete").content.decode()
    production.refresh_from_db()
    assert production.deleted_at
    assert not production.token
    assert not production.purge
    assert "Production was deleted. Its issues are being removed." in page
    assert ada_client.get(f"/connectors/{production.pk}/delete/").status_code == 404


def test_purging_is_asked_for_by_a_tick(ada_client, production, queue):
    post(ada_client, production, "delete", purge="1")
    production.refresh_from_db()
    assert production.purge


POSTS = [
    ("sync", {}, "Admin Analyst"),
    ("cancel", {}, "Admin Analyst"),
    ("pause", {"paused": "1"}, "Admin"),
    ("settings", {"name": "X", "interval_minutes": "60"}, "Admin"),
    ("token", {"token": "x" * 40}, "Admin"),
    ("delete", {}, "Admin"),
]


@pytest.mark.parametrize(("action", "fields", "roles"), POSTS)
@pytest.mark.parametrize("role", ["Analyst", "Application owner", "Viewer", ""])
def test_whoever_may_not_is_refused_and_changes_nothing(client_of, person, production, action, fields, roles, role):
    address = f"/connectors/{production.pk}/{action}/"
    if action == "cancel":
        address = f"/connectors/runs/{make_run(production, 'running').pk}/cancel/"
    before = everything()
    answer = client_of(person("eve", role)).post(address, fields)
    if role and role in roles:
        assert answer.status_code == 302
    else:
        assert answer.status_code == 403
        assert everything() == before


def test_no_get_changes_anything(ada_client, production):
    make_resource(production, "Berlin")
    run = make_run(production, "running")
    before = everything()
    for pattern in get_resolver("connectors.urls").url_patterns:
        for pk in (production.pk, run.pk):
            path = str(pattern.pattern).replace("<int:pk>", str(pk)).replace("<slug:connector>", "sentinelone")
            assert ada_client.get(f"/connectors/{path}").status_code in (200, 404, 405)
    assert everything() == before


def everything() -> list[list[Any]]:
    return [list(model.objects.order_by("pk").values()) for model in (Connection, SyncRun, Resource, RunResource)]
