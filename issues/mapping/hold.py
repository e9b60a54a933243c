"""Who may place endpoints and move findings: one worker at a time for each connection, and nobody while rules change.

Whoever places endpoints of a connection or gives findings to issues holds its row to the end of the transaction;
whoever changes the rules holds all of them. So nothing waits for two things in different orders, nobody writes what
rules said that are gone, and an import never meets half of a move. On SQLite every writer is alone anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import QuerySet

from connectors.models import Connection


@contextmanager
def held(*connection_ids: int) -> Iterator[None]:
    """A transaction, or the part of one, that has these connections to itself."""
    with transaction.atomic(savepoint=False):
        _lock(Connection.objects.filter(pk__in=connection_ids))
        yield


@contextmanager
def all_held() -> Iterator[None]:
    with transaction.atomic(savepoint=False):
        _lock(Connection.objects.all())
        yield


def _lock(connections: QuerySet[Connection]) -> None:
    if connection.features.has_select_for_update:
        list(connections.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
