"""Endpoints stored as the source describes them, and put into their applications."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from operator import attrgetter

import orjson
from django.utils import timezone

from connectors.models import Connection, Resource, RunResource
from connectors.sources.records import EndpointRecord, FindingRecord
from issues.ingest.bulk import Row, chunks, insert, update
from issues.ingest.placing import Placing
from issues.ingest.rows import moment, of_connection
from issues.models import Endpoint, EndpointEvent

# Record fields that keep their name, and those the model calls otherwise.
SAME = (
    "uuid",
    "name",
    "type",
    "os",
    "os_name",
    "domain",
    "account_name",
    "site_name",
    "group_name",
    "customer_id",
    "external_ip",
    "ou",
    "cloud_provider",
    "cloud_account",
    "agent_version",
    "active",
    "decommissioned",
    "last_active_at",
)
RENAMED = {"account_id": "account_ref", "site_id": "site_ref", "group_id": "group_ref"}
PLACED = ("application", "mapped_by", "mapped_version")
WRITTEN = (*SAME, *RENAMED.values(), "tags", "cloud_tags", "fingerprint", *PLACED, "changed")
FIELDS = {
    field.name: field for field in Endpoint._meta.concrete_fields if not field.primary_key and not field.generated
}
LONGEST = {name: getattr(FIELDS[name], "max_length", None) for name in SAME}
all_of, written_of = (attrgetter(*(FIELDS[name].attname for name in names)) for names in (FIELDS, WRITTEN))


def store_endpoints(connection: Connection, records: Sequence[EndpointRecord]) -> None:
    """Write those that are new or say something else. Findings follow an endpoint that moves: see ``follow``."""
    last = {record.external_id: (record, fingerprint(record)) for record in records}
    prints: dict[str, str] = dict(
        of_connection(Endpoint, ("external_id", "fingerprint"), connection.pk, "external_id", last)
    )
    differing = {key: said for key, said in last.items() if prints.get(key) != said[1]}
    if not differing:
        return
    stored = known_endpoints(connection, differing.keys() & prints.keys())
    new: list[Endpoint] = []
    changed: dict[tuple[str, ...], list[Row]] = defaultdict(list)  # by the columns that differ
    events: list[EndpointEvent] = []
    placing = Placing(stored.values())
    for key, (record, print_) in differing.items():
        endpoint = stored.get(key) or Endpoint(connection=connection, external_id=key, first_seen=timezone.now())
        before, exposed = written_of(endpoint), endpoint.exposure
        was = endpoint.decommissioned if endpoint.fingerprint else record.decommissioned  # nothing was said before
        _describe(endpoint, record, print_)
        endpoint.changed = endpoint.changed or (key in stored and endpoint.exposure != exposed)
        placing.put(endpoint)
        if key in stored:
            columns, values = _differences(before, written_of(endpoint))
            changed[columns].append((*_plain(values), endpoint.pk))
        else:
            new.append(endpoint)
        if was != endpoint.decommissioned:
            events.append(_left_or_back(endpoint))
    _add(new)
    for columns, rows in changed.items():
        update(Endpoint, columns, rows)
    EndpointEvent.objects.bulk_create(events, batch_size=100)
    placing.tell()


def _differences(before: Row, after: Row) -> tuple[tuple[str, ...], Row]:
    """The columns of ``WRITTEN`` that differ, and what they are to say: most often that it was in touch again."""
    columns, _, values = zip(*(x for x in zip(WRITTEN, before, after, strict=True) if x[1] != x[2]), strict=True)
    return columns, values


def _left_or_back(endpoint: Endpoint) -> EndpointEvent:
    kind = EndpointEvent.Kind.DECOMMISSIONED if endpoint.decommissioned else EndpointEvent.Kind.RETURNED
    return EndpointEvent(endpoint=endpoint, kind=kind, at=timezone.now())


def fingerprint(record: EndpointRecord) -> str:
    return blake2b(repr(record).encode(), digest_size=8).hexdigest()


def known_endpoints(connection: Connection, external_ids: Iterable[str]) -> dict[str, Endpoint]:
    found: dict[str, Endpoint] = {}
    for ids in chunks(set(external_ids)):
        found |= {e.external_id: e for e in Endpoint.objects.filter(connection=connection, external_id__in=ids)}
    return found


def _describe(endpoint: Endpoint, record: EndpointRecord, print_: str) -> None:
    for name in SAME:
        setattr(endpoint, name, _fit(name, getattr(record, name)))
    for name, ours in RENAMED.items():
        setattr(endpoint, ours, getattr(record, name))
    endpoint.tags = [list(tag) for tag in record.tags]
    endpoint.cloud_tags = [list(tag) for tag in record.cloud_tags]
    endpoint.fingerprint = print_


def _fit(name: str, value: object) -> object:
    """Cut to what the column holds: a source may send any length."""
    return value[: LONGEST[name]] if isinstance(value, str) else value


def _add(endpoints: Iterable[Endpoint]) -> None:
    insert(Endpoint, list(FIELDS), [_plain(all_of(endpoint)) for endpoint in endpoints])


def _plain(values: Row) -> Row:
    """Tags as JSON."""
    return tuple(orjson.dumps(value).decode() if isinstance(value, list) else value for value in values)


@dataclass(slots=True)
class Place:
    """What storing a finding must know of its endpoint."""

    pk: int
    application_id: int
    last_scan_at: datetime | None


def places(connection: Connection, external_ids: Iterable[str]) -> dict[str, Place]:
    columns = ("external_id", "id", "application", "last_scan_at")
    rows = of_connection(Endpoint, columns, connection.pk, "external_id", set(external_ids))
    return {key: Place(pk, application, moment(scanned)) for key, pk, application, scanned in rows}


def add_unknown(
    connection: Connection, resource: RunResource, records: Iterable[FindingRecord], known: dict[str, Place]
) -> None:
    """Endpoints that only their findings tell of, such as decommissioned ones: stored by name and type."""
    unknown = [r for r in records if r.endpoint_id not in known]
    if not unknown:
        return
    scope, placing = _scope_of(connection, resource), Placing()
    new: dict[str, Endpoint] = {}
    for r in unknown:
        if r.endpoint_id in new:
            continue
        endpoint = Endpoint(
            connection=connection,
            external_id=r.endpoint_id,
            name=r.endpoint_name[:300],
            type=r.endpoint_type[:40],
            os=r.endpoint_os[:40],
            first_seen=timezone.now(),
            **scope,
        )
        placing.put(endpoint)
        new[r.endpoint_id] = endpoint
    _add(new.values())
    known |= places(connection, new)


def _scope_of(connection: Connection, resource: RunResource) -> dict[str, str]:
    """The account, site and group that a walk over one resource implies."""
    node = (
        Resource.objects.filter(connection=connection, kind=resource.kind, external_id=resource.external_id)
        .select_related("parent__parent")
        .first()
    )
    scope: dict[str, str] = {}
    while node is not None:
        scope |= {f"{node.kind}_ref": node.external_id, f"{node.kind}_name": node.name}
        node = node.parent
    return scope


def note_scans(scans: Mapping[str, datetime], known: Mapping[str, Place]) -> None:
    """Remember the newest scan of each endpoint; its issues learn of it when they are counted."""
    newer = [
        (at, True, place.pk)
        for external_id, at in scans.items()
        if (place := known.get(external_id)) and (place.last_scan_at is None or at > place.last_scan_at)
    ]
    update(Endpoint, ("last_scan_at", "rescanned"), newer)
