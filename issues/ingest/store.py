"""One batch of findings: told apart by fingerprint, and only what differs is written."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

import orjson
from django.utils import timezone

from connectors.models import Connection, RunResource, SyncRun
from connectors.sink import Closing, Tally
from connectors.sources.exceptions import BrokenRecord
from connectors.sources.records import FindingRecord, FindingRow
from issues.ingest.bulk import chunks, of_connection
from issues.ingest.endpoints import add_unknown, note_scans, places
from issues.ingest.mapping import make_stale
from issues.ingest.memory import Memory
from issues.ingest.resolve import close
from issues.ingest.write import FindingWriter, New
from issues.models import Finding, SeenFindings

Read = Callable[[FindingRow], FindingRecord]
ACTIVE = Finding.State.ACTIVE.value


class Known(NamedTuple):
    """A finding as stored."""

    id: int
    fingerprint: str
    state: str
    issue_id: int


@dataclass
class Sorted:
    """The rows of a batch, told apart."""

    new: list[FindingRow] = field(default_factory=list)
    changed: list[tuple[FindingRow, Known]] = field(default_factory=list)
    back: list[Known] = field(default_factory=list)  # unchanged, but closed here
    gone: list[Known] = field(default_factory=list)  # the source says removed
    unread: list[str] = field(default_factory=list)  # ids of rows that are broken and not stored
    unchanged: int = 0


def store_findings(
    run: SyncRun, resource: RunResource, rows: Sequence[FindingRow], read: Read, memory: Memory
) -> Tally:
    connection = run.connection
    distinct = {row.external_id: row for row in rows}
    known = _known(connection, distinct)
    batch = _sort(distinct.values(), known)
    tally = Tally(read=len(rows), unchanged=batch.unchanged + len(rows) - len(distinct))

    new, changed = _read(batch, read, tally)
    created, added = 0, list[int]()
    endpoints = places(connection, (row.endpoint_id for row in distinct.values()))
    records = [*(r for _, r in new), *(r for _, r, _ in changed)]
    if records:
        add_unknown(connection, resource, records, endpoints)
        writer = FindingWriter(run, endpoints, memory)
        issues = writer.issues_of(records)
        created, added = writer.add([(row, r, issue) for (row, r), issue in zip(new, issues, strict=False)])
        writer.change([(row, r, k.id) for row, r, k in changed], issues[len(new) :])
    _reopen(batch.back)
    make_stale({k.issue_id for k in (*batch.back, *(k for _, _, k in changed))})
    tally.created += created
    tally.changed += len(changed)
    tally.reopened += len(added) - created + len(batch.back) + sum(k.state != ACTIVE for _, _, k in changed)
    closing = Closing(True, run.started_at or timezone.now(), "Removed at the source")
    tally.resolved += close(connection, [k.id for k in batch.gone], closing).resolved
    note_scans(_scans(distinct.values()), endpoints)
    if run.mode == SyncRun.Mode.FULL:
        _remember(run, resource, (k.id for k in known.values()), added)
        _remember(run, resource, map(stand_in, batch.unread))
    return tally


def _known(connection: Connection, external_ids: Iterable[str]) -> dict[str, Known]:
    rows = of_connection(Finding, ("external_id", *Known._fields), connection.pk, "external_id", external_ids)
    return {row[0]: Known._make(row[1:]) for row in rows}


def _sort(rows: Iterable[FindingRow], known: dict[str, Known]) -> Sorted:
    batch = Sorted()
    for row in rows:
        stored = known.get(row.external_id)
        if row.removed:
            if stored is not None and stored.state == ACTIVE:
                batch.gone.append(stored)
            else:
                batch.unchanged += 1
        elif stored is None:
            batch.new.append(row)
        elif stored.fingerprint != row.fingerprint:
            batch.changed.append((row, stored))
        elif stored.state != ACTIVE:
            batch.back.append(stored)
        else:
            batch.unchanged += 1
    return batch


def _read(batch: Sorted, read: Read, tally: Tally) -> tuple[list[New], list[tuple[FindingRow, FindingRecord, Known]]]:
    """The records of the rows that must be written; a broken row is counted and left as it was."""
    new: list[New] = []
    changed: list[tuple[FindingRow, FindingRecord, Known]] = []
    for row, stored in (*((row, None) for row in batch.new), *batch.changed):
        try:
            record = read(row)
        except BrokenRecord as error:
            tally.skipped += 1
            tally.broken.append((error.sentence, orjson.dumps(row.raw).decode()[:500]))
            if stored is None:
                batch.unread.append(row.external_id)
            continue
        if stored is None:
            new.append((row, record))
        else:
            changed.append((row, record, stored))
    return new, changed


def _reopen(back: Iterable[Known]) -> None:
    for ids in chunks(k.id for k in back):
        Finding.objects.filter(pk__in=ids).update(state=ACTIVE, last_seen=None, resolved_at=None, resolved_reason="")


def _scans(rows: Iterable[FindingRow]) -> dict[str, datetime]:
    """The newest scan of each endpoint; a date nobody can read says nothing."""
    texts: dict[str, set[str]] = {}
    for row in rows:
        if row.scanned_at:
            texts.setdefault(row.endpoint_id, set()).add(row.scanned_at)
    scans: dict[str, datetime] = {}
    for endpoint, said in texts.items():
        dates = [date for text in said if (date := _date(text))]
        if dates:
            scans[endpoint] = max(dates)
    return scans


def _date(text: str) -> datetime | None:
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=timezone.get_default_timezone())


def stand_in(external_id: str) -> int:
    """A number below zero for a row that came but has no key: it counts as met, and stands for no finding."""
    return -1 - int.from_bytes(blake2b(external_id.encode(), digest_size=7).digest(), "big")


def _remember(run: SyncRun, resource: RunResource, *met: Iterable[int]) -> None:
    keys = array("q", (key for some in met for key in some))
    if keys:
        SeenFindings.objects.create(run=run, resource=resource, keys=keys.tobytes())
