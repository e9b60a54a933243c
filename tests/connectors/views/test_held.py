"""The question of a held read on its page, and who may answer it."""

from __future__ import annotations

import pytest

from connectors.models import Connection, SyncRun
from connectors.sources.simulator import TenantServer
from connectors.sync.start import start_run
from connectors.sync.work import Next, take_turn
from issues.models import Finding


@pytest.fixture
def held(connection: Connection, console: TenantServer) -> SyncRun:
    """The console now says that there is nothing at all."""
    imported(connection)
    console.tenant.faults.add("emptied", times=None)
    run = imported(connection)
    assert (run.error_code, run.resolved) == ("held", 0)
    return run


def imported(connection: Connection) -> SyncRun:
    connection.refresh_from_db()
    run = start_run(connection, "full", ring=False)
    while take_turn(run.pk, patient=False) is Next.AGAIN:
        pass
    run.refresh_from_db()
    return run


def test_the_page_asks_and_the_card_says_so(ben_client, held):
    page = ben_client.get(f"/connectors/runs/{held.pk}/").content.decode()
    assert "Confirm: they are gone" in page
    assert "confirm or dismiss" in ben_client.get("/connectors/").content.decode()


def test_confirming_starts_an_import_that_may_resolve(ben_client, ben, held):
    page = ben_client.post(f"/connectors/runs/{held.pk}/confirm/", follow=True)
    new = SyncRun.objects.first()
    assert page.redirect_chain == [(f"/connectors/runs/{new.pk}/", 302)]
    assert (new.confirms, new.started_by) == (held, ben)
    while take_turn(new.pk) is Next.AGAIN:
        pass
    assert not Finding.objects.active().exists()


def test_dismissing_takes_the_question_away(ben_client, held):
    page = ben_client.post(f"/connectors/runs/{held.pk}/dismiss/", follow=True).content.decode()
    assert "Dismissed. Nothing was resolved." in page
    assert "Confirm: they are gone" not in page
    assert Connection.objects.get().problem == ""
    again = ben_client.post(f"/connectors/runs/{held.pk}/confirm/", follow=True).content.decode()
    assert "does not wait for an answer any more" in again


@pytest.mark.parametrize("answer", ["confirm", "dismiss"])
def test_a_viewer_may_not_answer(vic_client, held, answer):
    assert vic_client.post(f"/connectors/runs/{held.pk}/{answer}/").status_code == 403
    assert vic_client.get(f"/connectors/runs/{held.pk}/{answer}/").status_code in (403, 405)
    held.refresh_from_db()
    assert held.awaits_answer
