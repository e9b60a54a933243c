"""Who may place endpoints and move findings: one worker at a time for each connection, and nobody while rules change.

Whoever places endpoints of a connection or gives findings to issues holds its row to the end of the transaction;
whoever changes the rules holds all of them. So nothing waits for two things in different orders, nobody writes what
rules said that are gone, and an import never meets half of a move. On SQLite every writer is alone anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from connectors.models import Connection


@contextmanager
def held(connection_id: int) -> Iterator[None]:
    """A transaction, or the part of one, that has the connection to itself."""
    with transaction.atomic(savepoint=False):
        _lock(pk=connection_id)
        yield


@contextmanager
def all_held() -> Iterator[None]:
    with transaction.atomic(savepoint=False):
        _lock()
        yield


def _lock(**which: int) -> None:
    rows = Connection.objects.filter(**which).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk", flat=True))
