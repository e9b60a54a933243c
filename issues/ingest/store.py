"""One batch of findings: told apart by fingerprint, and only what differs is written."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from django.utils import timezone

from connectors.models import Connection, RunResource, SyncRun
from connectors.sink import Closing, Read, Tally
from connectors.sources.records import FindingRecord
from issues.ingest.bulk import Row, chunks
from issues.ingest.endpoints import add_unknown, note_scans, places
from issues.ingest.mapping import make_stale
from issues.ingest.memory import Memory
from issues.ingest.resolve import close
from issues.ingest.rows import between, of_connection
from issues.ingest.write import FindingWriter
from issues.models import Finding, SeenFindings

SAMPLE = 500  # characters of a broken row
SPARSE = 2  # one in so many of the rows between the first and the last of a batch is of it: look up each
ACTIVE = Finding.State.ACTIVE.value


class Known(NamedTuple):
    """A finding as stored."""

    id: int
    fingerprint: str
    state: str
    issue_id: int


@dataclass
class Sorted:
    """The records of a batch, told apart."""

    new: list[FindingRecord] = field(default_factory=list)
    changed: list[FindingRecord] = field(default_factory=list)
    stored: list[Known] = field(default_factory=list)  # as which each of the changed is stored
    back: list[Known] = field(default_factory=list)  # unchanged, but closed here
    gone: list[Known] = field(default_factory=list)  # the source says removed
    broken: list[FindingRecord] = field(default_factory=list)  # counted, and left as they were
    unchanged: int = 0

    def same(self, stored: Known) -> None:
        if stored.state == ACTIVE:
            self.unchanged += 1
        else:
            self.back.append(stored)

    def differing(self, r: FindingRecord, stored: Known | None) -> None:
        if r.lacking:
            self.broken.append(r)
        elif stored is None:
            self.new.append(r)
        else:
            self.changed.append(r)
            self.stored.append(stored)

    def removed(self, stored: Known | None) -> None:
        if stored is not None and stored.state == ACTIVE:
            self.gone.append(stored)
        else:
            self.unchanged += 1


def store_findings(
    run: SyncRun, resource: RunResource, records: Sequence[FindingRecord], read: Read, memory: Memory
) -> Tally:
    connection = run.connection
    distinct = {r.external_id: r for r in records}
    known = _known(connection, distinct)
    batch = _sort(distinct.values(), known, read)
    tally = Tally(read=len(records), unchanged=batch.unchanged + len(records) - len(distinct))
    tally.skipped += len(batch.broken)
    tally.broken += [(r.lacking, r.evidence[:SAMPLE]) for r in batch.broken]

    created, added = 0, list[int]()
    endpoints = places(connection, (r.endpoint_id for r in distinct.values()))
    if batch.new or batch.changed:
        written = [*batch.new, *batch.changed]
        add_unknown(connection, resource, written, endpoints)
        writer = FindingWriter(run, endpoints, memory)
        issues = writer.issues_of(written)
        created, added = writer.add(list(zip(batch.new, issues, strict=False)))
        writer.change(batch.changed, issues[len(batch.new) :], [k.id for k in batch.stored])
    _reopen(batch.back)
    make_stale({k.issue_id for k in (*batch.back, *batch.stored)})
    tally.created += created
    tally.changed += len(batch.changed)
    tally.reopened += len(added) - created + len(batch.back) + sum(k.state != ACTIVE for k in batch.stored)
    closing = Closing(True, run.started_at or timezone.now(), "Removed at the source")
    tally.resolved += close(connection, [k.id for k in batch.gone], closing).resolved
    note_scans(_scans(distinct.values()), endpoints)
    if run.mode == SyncRun.Mode.FULL:
        _remember(run, resource, (k.id for k in known.values()), added)
        _remember(run, resource, (stand_in(r.external_id) for r in batch.broken if r.external_id not in known))
    return tally


def _known(connection: Connection, external_ids: Collection[str]) -> dict[str, Known]:
    """Walks go by id, so what a batch brings is stored side by side, or it lies past everything."""
    columns, together = ("external_id", *Known._fields), "".join(external_ids)
    most = len(external_ids) * SPARSE
    rows: list[Row] | None = None
    if len(set(map(len, external_ids))) == 1 and together.isascii() and together.isdigit():  # in any order of text
        ends = min(external_ids), max(external_ids)
        rows = between(Finding, columns, connection.pk, "external_id", ends, most)
    if rows is None or len(rows) == most:
        rows = of_connection(Finding, columns, connection.pk, "external_id", external_ids)
    return {row[0]: Known._make(row[1:]) for row in rows if row[0] in external_ids}


def _sort(records: Iterable[FindingRecord], known: dict[str, Known], read: Read) -> Sorted:
    batch = Sorted()
    for r in records:
        stored = known.get(r.external_id)
        if r.removed:
            batch.removed(stored)
        elif stored is not None and stored.fingerprint == r.fingerprint:
            batch.same(stored)
        else:
            if not r.is_read:
                read(r)
            batch.differing(r, stored)
    return batch


def _reopen(back: Iterable[Known]) -> None:
    for ids in chunks(k.id for k in back):
        Finding.objects.filter(pk__in=ids).update(state=ACTIVE, last_seen=None, resolved_at=None, resolved_reason="")


def _scans(records: Iterable[FindingRecord]) -> dict[str, datetime]:
    """The newest scan of each endpoint; a date nobody can read says nothing."""
    texts: dict[str, set[str]] = {}
    for r in records:
        if r.scanned_at:
            texts.setdefault(r.endpoint_id, set()).add(r.scanned_at)
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
