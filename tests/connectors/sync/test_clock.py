"""A clock that is set back by a week: nothing waits for it to catch up, nothing is missed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import Schedule

from connectors import schedules
from connectors.models import Connection, SyncRun
from connectors.sync.start import start_run
from connectors.sync.work import Next, take_turn
from connectors.tasks import reap, start_due
from tests.connectors.sync.hooks import active

WEEK = timedelta(days=7)


@pytest.fixture
def ahead():
    """A moment as a clock that goes a week fast has written it down."""
    return timezone.now() + WEEK


def test_the_lease_of_a_dead_worker_does_not_hold_for_a_week(ten, connection, ahead, run_tasks):
    start_run(connection, "full", ring=False)
    SyncRun.objects.update(owner="dead", lease_until=ahead)
    with run_tasks():
        reap()
    assert SyncRun.objects.get().state == "succeeded"


def test_a_living_worker_keeps_its_lease(ten, connection):
    run = start_run(connection, "full", ring=False)
    SyncRun.objects.update(owner="alive", lease_until=timezone.now() + timedelta(seconds=59))
    assert take_turn(run.pk) is Next.DONE
    assert SyncRun.objects.get().state == "queued"


def test_a_pause_does_not_last_for_a_week(ten, connection, ahead, run_tasks):
    start_run(connection, "full", ring=False)
    SyncRun.objects.update(next_step_at=ahead)
    with run_tasks():
        reap()
    assert SyncRun.objects.get().state == "succeeded"


def test_the_next_import_is_planned_anew(ten, connection, ahead):
    Connection.objects.update(next_run_at=ahead)
    start_due()
    connection.refresh_from_db()
    assert connection.next_run_at <= timezone.now() + timedelta(minutes=connection.interval_minutes)


def test_a_plan_within_the_interval_stays(ten, connection):
    soon = timezone.now() + timedelta(minutes=connection.interval_minutes - 5)
    Connection.objects.update(next_run_at=soon)
    start_due()
    connection.refresh_from_db()
    assert connection.next_run_at == soon


@pytest.mark.parametrize("asked", ["full", "delta"])
def test_changes_since_the_future_are_not_asked_for(ten, sync, connection, ahead, asked):
    sync()
    Connection.objects.update(last_read_at=ahead, last_full_at=ahead)
    connection.refresh_from_db()
    assert connection.mode_now(timezone.now()) == "full"
    ten.drop("r00")
    assert sync(asked).resolved == 1
    assert active() == 9


def test_the_schedules_fire_again_after_a_restart(db, ahead):
    Schedule.objects.update(next_run=ahead)
    schedules.install()
    assert not Schedule.objects.filter(name__in=schedules.SCHEDULES, next_run__gt=timezone.now()).exists()
