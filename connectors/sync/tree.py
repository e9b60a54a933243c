"""The stored tree of accounts, sites and groups, brought up to date from the source."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from connectors.models import Connection, Resource
from connectors.sources.records import ResourceRecord
from connectors.sources.registry import open_source


def read_now(connection: Connection) -> None:
    """Ask the source at once, outside of an import; ``SourceError`` when it does not tell, and nothing is changed."""
    source = open_source(connection.connector, connection.source_config())
    try:
        refresh(connection, source.resources())
    finally:
        source.close()


def refresh(connection: Connection, pages: Iterable[list[ResourceRecord]]) -> None:
    """Store every resource the source names; those it no longer names are marked deleted, never dropped.

    All pages are read before anything is written: a read that breaks half-way changes nothing.
    """
    records = [record for page in pages for record in page]
    with transaction.atomic():
        stored = {(r.kind, r.external_id): r for r in connection.resources.select_related("parent")}
        known = bool(stored)
        for record in records:
            _store(connection, record, stored, pick_new=known and connection.include_new)
        named = {(r.kind.value, r.external_id) for r in records}
        gone = [r.pk for key, r in stored.items() if key not in named]
        Resource.objects.filter(pk__in=gone).update(state=Resource.State.DELETED)


def _store(
    connection: Connection, record: ResourceRecord, stored: dict[tuple[str, str], Resource], *, pick_new: bool
) -> None:
    key = (record.kind.value, record.external_id)
    parent = _parent(record, stored)
    values = {
        "parent": parent,
        "name": record.name[:300],
        "endpoints": record.endpoints,
        "state": record.state if record.state in Resource.State.values else Resource.State.ACTIVE,
    }
    found = stored.get(key)
    if found is None:
        chosen = pick_new and connection.selection == Connection.Selection.PICKED and _joins(record, parent, stored)
        stored[key] = Resource.objects.create(
            connection=connection, kind=record.kind.value, external_id=record.external_id, selected=chosen, **values
        )
    elif any(getattr(found, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(found, name, value)
        found.save(update_fields=list(values))


def _parent(record: ResourceRecord, stored: dict[tuple[str, str], Resource]) -> Resource | None:
    above = {"site": "account", "group": "site"}.get(record.kind.value)
    return stored.get((above, record.parent_id)) if above and record.parent_id else None


def _joins(record: ResourceRecord, parent: Resource | None, stored: dict[tuple[str, str], Resource]) -> bool:
    """Whether a resource created later belongs to a selection: always a site, a group beside selected groups."""
    if record.kind.value != Resource.Kind.GROUP:
        return True
    return any(
        r.selected and r.kind == Resource.Kind.GROUP and r.parent_id == (parent and parent.pk) for r in stored.values()
    )
