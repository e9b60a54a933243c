"""A read that lost too much waits for a person, who confirms or dismisses it."""

from __future__ import annotations

import pytest

from connectors.models import Connection, SyncRun
from connectors.sync.held import NothingToAnswer, confirm, dismiss
from connectors.sync.start import AlreadyRunning, start_run
from connectors.sync.work import Next, take_turn
from tests.connectors.sync.hooks import active
from tests.memory_source import MemoryTenant, Row


@pytest.fixture
def held(tenant: MemoryTenant, sync) -> SyncRun:
    """Twenty of forty findings are gone."""
    tenant.add(*(Row(f"r{n:02}", cve=f"CVE-2026-{n:04}") for n in range(40)))
    sync()
    tenant.drop(*(f"r{n:02}" for n in range(20)))
    run = sync()
    assert (run.error_code, run.awaits_answer, active()) == ("held", True, 40)
    assert "20 of 40 active findings" in run.error
    assert "confirm or dismiss" in run.error
    return run


def finished(run: SyncRun) -> SyncRun:
    while take_turn(run.pk, patient=False) is Next.AGAIN:
        pass
    return SyncRun.objects.get(pk=run.pk)


def test_a_confirmed_loss_is_resolved_by_a_new_read(held, ada):
    new = finished(confirm(held, ada))
    assert (new.state, new.resolved, active(), new.started_by) == ("succeeded", 20, 20, ada)
    held.refresh_from_db()
    assert (held.answered_by, held.awaits_answer, held.resolved) == (ada, False, 0)
    assert Connection.objects.get().problem == ""


def test_what_came_back_meanwhile_is_not_resolved(held, tenant, ada):
    tenant.add(*(Row(f"r{n:02}", cve=f"CVE-2026-{n:04}") for n in range(15)))
    new = finished(confirm(held, ada))
    assert (new.state, new.resolved, active()) == ("succeeded", 5, 35)


def test_a_much_greater_loss_than_the_confirmed_one_is_held_again(held, tenant, ada):
    tenant.rows.clear()
    new = finished(confirm(held, ada))
    assert (new.state, new.error_code, active(), new.awaits_answer) == ("partial", "held", 40, True)


def test_a_dismissed_loss_changes_nothing_and_the_next_read_asks_again(held, sync, ada):
    dismiss(held, ada)
    assert (active(), Connection.objects.get().problem) == (40, "")
    assert sync().error_code == "held"


def test_of_two_answers_the_first_one_counts(held, ada, ben):
    dismiss(held, ada)
    with pytest.raises(NothingToAnswer):
        confirm(held, ben)
    assert SyncRun.objects.count() == 2


def test_nothing_is_answered_while_an_import_runs(held, connection, ada):
    start_run(connection, "full", ring=False)
    with pytest.raises((AlreadyRunning, NothingToAnswer)):
        confirm(held, ada)
    held.refresh_from_db()
    assert held.answered_at is None


def test_a_normal_read_makes_the_question_pointless(held, tenant, sync, ada):
    tenant.add(*(Row(f"r{n:02}", cve=f"CVE-2026-{n:04}") for n in range(18)))
    assert sync().state == "succeeded"
    assert Connection.objects.get().problem == ""
    with pytest.raises(NothingToAnswer):
        confirm(held, ada)


def test_a_read_of_changes_alone_does_not_clear_the_question(held, sync):
    assert sync("delta").state == "succeeded"
    assert Connection.objects.get().problem_code == "held"
    held.refresh_from_db()
    assert held.awaits_answer


def test_only_what_was_held_may_be_lost(tenant, sync, connection, ada):
    """A confirmation of one import is none for another that never asked."""
    tenant.add(*(Row(f"r{n:02}", cve=f"CVE-2026-{n:04}") for n in range(40)))
    calm = sync()
    tenant.drop(*(f"r{n:02}" for n in range(20)))
    connection.refresh_from_db()
    run = finished(start_run(connection, "full", ada, ring=False, confirms=calm))
    assert (run.error_code, active()) == ("held", 40)
