"""Which resources of a connection are imported: the whole selection is replaced at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from connectors.models import Connection, Resource

BATCH = 500  # ids in one statement


class UnknownResources(ValueError):
    """Some ids are no resources of this connection; ``ids`` names them."""

    def __init__(self, ids: list[int]) -> None:
        shown = ", ".join(str(pk) for pk in ids[:5]) + ("…" if len(ids) > 5 else "")
        super().__init__(f"Not a resource of this connection: {shown}.")
        self.ids = ids


def select(connection: Connection, ids: Iterable[int], *, include_new: bool) -> None:
    """Import only these resources from the next run on; ``UnknownResources`` changes nothing.

    No ids at all is no selection: everything is imported, as ``select_all`` does.
    """
    wanted = set(ids)
    if not wanted:
        select_all(connection)
        return
    with transaction.atomic():
        rows = list(connection.resources.values_list("pk", "selected"))
        if unknown := sorted(wanted - {pk for pk, _ in rows}):
            raise UnknownResources(unknown)
        _mark([pk for pk, selected in rows if pk in wanted and not selected], selected=True)
        _mark([pk for pk, selected in rows if pk not in wanted and selected], selected=False)
        _remember(connection, Connection.Selection.PICKED, include_new)


def select_all(connection: Connection) -> None:
    """Import everything that the token sees, now and later."""
    with transaction.atomic():
        connection.resources.picked().update(selected=False)
        _remember(connection, Connection.Selection.ALL, include_new=True)


def _mark(ids: list[int], *, selected: bool) -> None:
    for start in range(0, len(ids), BATCH):
        Resource.objects.filter(pk__in=ids[start : start + BATCH]).update(selected=selected)


def _remember(connection: Connection, selection: Connection.Selection, include_new: bool) -> None:
    connection.selection, connection.include_new = selection, include_new
    connection.save(update_fields=["selection", "include_new"])
