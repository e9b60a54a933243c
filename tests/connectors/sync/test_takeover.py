"""Workers that die, lose their claim or are told to stop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from connectors.models import SyncRun
from connectors.sources.exceptions import (
    Unreachable,
)
from connectors.sync import claim, work
from connectors.sync.start import AlreadyRunning, cancel, start_run
from connectors.sync.work import Next, take_turn
from connectors.tasks import reap
from issues.models import Finding, Issue
from tests.connectors.sync.hooks import KilledError, active, before_each_batch


@pytest.mark.parametrize("page", range(4))
def test_a_killed_worker_loses_one_batch_and_the_next_carries_on(ten, sync, connection, monkeypatch, page):
    monkeypatch.setattr("connectors.sync.batches.ROWS", 1)
    run = start_run(connection, "full", ring=False)

    def kill(number: int) -> None:
        if number == page:
            ten.on_page = None
            raise KilledError

    ten.on_page = kill
    with pytest.raises(KilledError):
        take_turn(run.pk)
    assert take_turn(run.pk) is Next.DONE  # the lease of the dead worker still stands
    SyncRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    while take_turn(run.pk) is Next.AGAIN:
        pass
    run.refresh_from_db()
    assert (run.state, run.read, run.created, active()) == ("succeeded", 10, 10, 10)
    assert Issue.objects.filter(state="active").count() == 10


def test_a_worker_killed_between_writing_and_saving_writes_nothing(ten, connection, monkeypatch):
    run = start_run(connection, "full", ring=False)
    real = claim.Claim.progress

    def die(self, tally=None, **values):
        if tally and tally.created:
            raise KilledError
        real(self, tally, **values)

    monkeypatch.setattr(claim.Claim, "progress", die)
    with pytest.raises(KilledError):
        take_turn(run.pk)
    assert Finding.objects.count() == 0


def test_a_worker_that_lost_its_claim_writes_nothing(ten, connection, monkeypatch):
    run = start_run(connection, "full", ring=False)
    before_each_batch(monkeypatch, lambda: SyncRun.objects.update(owner="another"))
    assert take_turn(run.pk) is Next.DONE
    assert Finding.objects.count() == 0


def test_a_run_whose_worker_keeps_dying_is_ended_with_a_sentence(ten, connection):
    run = start_run(connection, "full", ring=False)
    SyncRun.objects.update(attempts=work.TRIES)
    take_turn(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error_code) == ("failed", "worker_died")


def test_a_patient_run_waits_and_tries_again(ten, connection):
    ten.faults[1] = Unreachable("SentinelOne did not answer.")
    run = start_run(connection, "full", ring=False)
    assert take_turn(run.pk) is Next.LATER
    run.refresh_from_db()
    assert run.state == "running"
    assert run.next_step_at
    assert run.next_step_at > timezone.now()
    while take_turn(run.pk) is Next.AGAIN:
        pass
    run.refresh_from_db()
    assert (run.state, run.created) == ("succeeded", 10)


def test_the_reaper_rings_for_a_run_that_nobody_works_on(ten, connection, run_tasks):
    start_run(connection, "full", ring=False)
    with run_tasks():
        reap()
    assert SyncRun.objects.get().state == "succeeded"


def test_only_one_run_at_a_time(ten, connection):
    first = start_run(connection, "full", ring=False)
    with pytest.raises(AlreadyRunning) as caught:
        start_run(connection, "full", ring=False)
    assert caught.value.run == first


def test_a_cancelled_run_keeps_what_it_stored_and_resolves_nothing(ten, sync, connection, monkeypatch):
    sync()
    ten.drop("r00")
    monkeypatch.setattr("connectors.sync.batches.ROWS", 1)
    run = start_run(connection, "full", ring=False)
    before_each_batch(monkeypatch, lambda: SyncRun.objects.filter(pk=run.pk).update(cancel_requested=True))
    while take_turn(run.pk) is Next.AGAIN:
        pass
    run.refresh_from_db()
    assert (run.state, run.resolved, active()) == ("cancelled", 0, 10)


def test_a_queued_run_can_be_cancelled(ten, connection):
    run = start_run(connection, "full", ring=False)
    cancel(run)
    take_turn(run.pk)
    run.refresh_from_db()
    assert (run.state, run.read) == ("cancelled", 0)
