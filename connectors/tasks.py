"""What django-q calls: thin doors to the code that does the work. Arguments are ids, never secrets."""

from __future__ import annotations

from django.utils import timezone

from connectors.models import Connection, SyncRun
from connectors.sync.clear import clear_deleted, uncleared
from connectors.sync.start import AlreadyRunning, ring_for, start_run
from connectors.sync.work import Next, take_turn


def work(run_id: int) -> None:
    """One turn of an import; rings for the next one."""
    if take_turn(run_id) is Next.AGAIN:
        ring_for(SyncRun.objects.get(pk=run_id))


def clear(connection_id: int) -> None:
    """Take a deleted connection's findings out of the queue."""
    clear_deleted(Connection.objects.get(pk=connection_id))


def start_due() -> None:
    """Each minute: begin the imports whose time has come."""
    now = timezone.now()
    for connection in Connection.objects.planned_too_far(now):
        connection.plan_next(now)
        connection.save(update_fields=["next_run_at"])
    for connection in Connection.objects.due(now):
        try:
            start_run(connection, connection.mode_now(now))
        except AlreadyRunning:
            continue


def reap() -> None:
    """Each minute: ring again for work whose worker died or whose bell was lost."""
    for run in SyncRun.objects.unattended(timezone.now()):
        ring_for(run)
    for connection in uncleared():
        clear_deleted(connection)
