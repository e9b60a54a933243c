"""Begin an import: one run row, and the doorbell rung for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.tasks import async_task

from connectors.models import Connection, SyncRun

if TYPE_CHECKING:
    from django.contrib.auth.models import User

OVERLAP = timedelta(hours=1)  # a delta reads again what changed shortly before the last read, whose clock may differ


class AlreadyRunning(Exception):
    """The connection has a queued or running import; ``run`` is that one."""

    def __init__(self, run: SyncRun) -> None:
        super().__init__(f"An import of {run.connection} is running already.")
        self.run = run


def start_run(
    connection: Connection,
    mode: str,
    user: User | None = None,
    *,
    ring: bool = True,
    confirms: SyncRun | None = None,
) -> SyncRun:
    """Queue an import; ``AlreadyRunning`` when there is one. Without ``ring`` the caller works on it itself.

    A delta needs a good read before it and becomes a full read without one. A run that ``confirms`` a held one may
    resolve as much as was missing from that.
    """
    if mode == SyncRun.Mode.DELTA and not connection.can_read_changes(timezone.now()):
        mode = SyncRun.Mode.FULL
    since = connection.last_read_at - OVERLAP if mode == SyncRun.Mode.DELTA and connection.last_read_at else None
    try:
        with transaction.atomic():
            run = SyncRun.objects.create(
                connection=connection, mode=mode, since=since, started_by=user, confirms=confirms
            )
            connection.plan_next(timezone.now())
            connection.save(update_fields=["next_run_at"])
            if ring:
                ring_for(run)
    except IntegrityError:
        running = SyncRun.objects.unfinished().filter(connection=connection).first()
        if running is None:
            raise
        raise AlreadyRunning(running) from None
    return run


def ring_for(run: SyncRun) -> None:
    """Ask a worker to take the next turn; safe to call as often as one likes."""
    transaction.on_commit(lambda: async_task("connectors.tasks.work", run.pk, task_name=f"run {run.pk}"))


def cancel(run: SyncRun) -> None:
    """Ask the run to stop; what it stored stays, nothing is resolved."""
    SyncRun.objects.unfinished().filter(pk=run.pk).update(cancel_requested=True, next_step_at=None)
    ring_for(run)
