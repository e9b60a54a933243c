"""Deleting a connection: the credentials at once, its findings out of the queue in the background."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from connectors import sink
from connectors.models import Connection, SyncRun
from connectors.models.connection import ConnectionQuerySet
from connectors.secrets import Secret
from connectors.sink import Closing
from connectors.sync.breath import Breath
from connectors.sync.settle import CLOSE


def delete_connection(connection: Connection, *, purge: bool) -> None:
    """Forget the token now; issues become *removed*, or are deleted for good with ``purge``."""
    with transaction.atomic():
        connection.token, connection.token_hint = Secret(), ""
        connection.deleted_at, connection.purge = timezone.now(), purge
        connection.next_run_at = None
        connection.clear_problem()
        connection.save()
        SyncRun.objects.unfinished().filter(connection=connection).update(cancel_requested=True, next_step_at=None)
        transaction.on_commit(lambda: async_task("connectors.tasks.clear", connection.pk))


def uncleared() -> ConnectionQuerySet:
    return Connection.objects.exclude(deleted_at=None).filter(cleared_at=None)


def clear_deleted(connection: Connection) -> None:
    """Do what is left; a run that is still stopping is waited for by the reaper."""
    if connection.deleted_at is None or connection.active_run is not None:
        return
    target, breath = sink.get(), Breath()
    keys = target.active(connection)
    closing = Closing(False, connection.deleted_at, "Its connection was deleted")
    for start in range(0, len(keys), CLOSE):
        with transaction.atomic():
            target.close(connection, keys[start : start + CLOSE], closing)
        breath.take()
    while _counted_batch(connection):
        breath.take()
    while connection.purge and _purged_batch(connection):
        breath.take()
    Connection.objects.filter(pk=connection.pk).update(cleared_at=timezone.now())


def _counted_batch(connection: Connection) -> bool:
    with transaction.atomic():
        return sink.get().count_issues(connection, None) is not None


def _purged_batch(connection: Connection) -> bool:
    with transaction.atomic():
        return sink.get().purge(connection)
