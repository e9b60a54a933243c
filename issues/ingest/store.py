"""One batch of findings: told apart by fingerprint, and only what differs is written."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.utils import timezone

from connectors.models import Connection, RunResource, SyncRun
from connectors.sink import Closing, Tally
from connectors.sources.exceptions import BrokenRecord
from connectors.sources.records import FindingRecord, FindingRow
from issues.ingest.bulk import chunks, insert, update
from issues.ingest.dimensions import IssueKey, issue_keys, software_ids, vulnerability_ids
from issues.ingest.endpoints import Place, add_unknown, note_scans, places
from issues.ingest.mapping import make_stale
from issues.ingest.resolve import close
from issues.models import Finding, SeenFindings
from issues.models.software import software_key
from issues.severity.levels import Level

Read = Callable[[FindingRow], FindingRecord]
ACTIVE = Finding.State.ACTIVE.value


class Known(NamedTuple):
    """A finding as stored."""

    pk: int
    fingerprint: str
    state: str
    issue_id: int
    first_seen: datetime


@dataclass
class Sorted:
    """The rows of a batch, told apart."""

    new: list[FindingRow] = field(default_factory=list)
    changed: list[tuple[FindingRow, Known]] = field(default_factory=list)
    back: list[Known] = field(default_factory=list)  # unchanged, but closed here
    gone: list[Known] = field(default_factory=list)  # the source says removed
    unchanged: int = 0


def store_findings(run: SyncRun, resource: RunResource, rows: Sequence[FindingRow], read: Read) -> Tally:
    connection = run.connection
    distinct = {row.external_id: row for row in rows}
    known = _known(connection, distinct)
    batch = _sort(distinct.values(), known)
    tally = Tally(read=len(rows), unchanged=batch.unchanged + len(rows) - len(distinct))

    new, changed = _read(batch, read, tally)
    endpoints = places(connection, (row.endpoint_id for row in distinct.values()))
    records = [*(r for _, r in new), *(r for _, r, _ in changed)]
    if records:
        add_unknown(connection, resource, records, endpoints)
        writer = _Writer(run, endpoints, records)
        new = writer.adopt(new, tally)
        writer.add(new)
        writer.change(changed)
    _reopen(batch.back)
    make_stale({k.issue_id for k in (*batch.back, *(k for _, _, k in changed))})
    tally.created += len(new)
    tally.changed += len(changed)
    tally.reopened += len(batch.back) + sum(k.state != ACTIVE for _, _, k in changed)
    closing = Closing(True, run.started_at or timezone.now(), "Removed at the source")
    tally.resolved += close(connection, [k.pk for k in batch.gone], closing).resolved
    note_scans(_scans(distinct.values()), endpoints)
    if run.mode == SyncRun.Mode.FULL:
        _remember(run, resource, known.values(), _known(connection, (row.external_id for row, _ in new)).values())
    return tally


def _known(connection: Connection, external_ids: Iterable[str]) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for ids in chunks(external_ids):
        rows = Finding.objects.filter(connection=connection, external_id__in=ids)
        for external_id, *values in rows.values_list("external_id", *Known._fields):
            found[external_id] = Known._make(values)
    return found


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


New = tuple[FindingRow, FindingRecord]
Changed = tuple[FindingRow, FindingRecord, Known]


def _read(batch: Sorted, read: Read, tally: Tally) -> tuple[list[New], list[Changed]]:
    """The records of the rows that must be written; a broken row is counted and left as it was."""
    new: list[New] = []
    changed: list[Changed] = []
    for row, stored in (*((row, None) for row in batch.new), *batch.changed):
        try:
            record = read(row)
        except BrokenRecord as error:
            tally.skipped += 1
            tally.broken.append((error.sentence, orjson.dumps(row.raw).decode()[:500]))
            continue
        if stored is None:
            new.append((row, record))
        else:
            changed.append((row, record, stored))
    return new, changed


class _Writer:
    """Writes the findings of one batch under the issues they belong to."""

    COLUMNS = (
        "fingerprint",
        "endpoint",
        "issue",
        "version",
        "vendor_severity",
        "cvss",
        "risk_score",
        "false_positive",
        "evidence",
        "detected_at",
        "first_seen",
        "state",
        "last_seen",
        "resolved_at",
        "resolved_reason",
    )

    def __init__(self, run: SyncRun, endpoints: dict[str, Place], records: Sequence[FindingRecord]) -> None:
        self.connection, self.endpoints = run.connection, endpoints
        self.now = run.started_at or timezone.now()
        self.software, self.vulnerabilities = software_ids(records), vulnerability_ids(records)
        wanted: dict[IssueKey, tuple[str, datetime]] = {}
        for r in records:
            key = self._key(r)
            first = min(self._first_seen(r), wanted[key][1]) if key in wanted else self._first_seen(r)
            wanted[key] = (f"{r.cve} · {r.software_name}"[:400], first)
        self.issues = issue_keys(self.connection, wanted, run)
        make_stale(self.issues.values())

    def _key(self, r: FindingRecord) -> IssueKey:
        return (
            self.endpoints[r.endpoint_id].application_id,
            self.vulnerabilities[r.cve],
            self.software[software_key(r.software_vendor, r.software_name)],
        )

    def _first_seen(self, r: FindingRecord) -> datetime:
        return min(r.detected_at, self.now) if r.detected_at else self.now

    def _values(self, row: FindingRow, r: FindingRecord, first_seen: datetime) -> tuple[Any, ...]:
        return (
            row.fingerprint,
            self.endpoints[r.endpoint_id].pk,
            self.issues[self._key(r)],
            r.software_version[:300],
            Level.of(r.vendor_severity).value,
            r.cvss,
            r.risk_score,
            r.false_positive,
            orjson.dumps(r.evidence).decode(),
            r.detected_at,
            first_seen,
            ACTIVE,
            None,
            None,
            "",
        )

    def add(self, new: Sequence[New]) -> None:
        insert(
            Finding,
            ("connection", "external_id", *self.COLUMNS),
            [(self.connection.pk, row.external_id, *self._values(row, r, self._first_seen(r))) for row, r in new],
        )

    def change(self, changed: Sequence[Changed]) -> None:
        update(
            Finding,
            self.COLUMNS,
            [
                (*self._values(row, r, min(stored.first_seen, self._first_seen(r))), stored.pk)
                for row, r, stored in changed
            ],
        )

    def adopt(self, new: Sequence[New], tally: Tally) -> list[New]:
        """Recognise findings that came back under another id: same endpoint, CVE, software and version, closed here.

        They keep their row and first-seen date. Returns what is really new.
        """
        closed = self._closed(new)
        rest: list[New] = []
        adopted: list[tuple[Any, ...]] = []
        for row, r in new:
            same = closed.pop(
                (self.endpoints[r.endpoint_id].pk, self.issues[self._key(r)], r.software_version[:300]), None
            )
            if same is None:
                rest.append((row, r))
            else:
                first_seen = min(same[1], self._first_seen(r))
                adopted.append((row.external_id, *self._values(row, r, first_seen), same[0]))
        update(Finding, ("external_id", *self.COLUMNS), adopted)
        tally.reopened += len(adopted)
        return rest

    def _closed(self, new: Sequence[New]) -> dict[tuple[int, int, str], tuple[int, datetime]]:
        found: dict[tuple[int, int, str], tuple[int, datetime]] = {}
        states = [s.value for s in Finding.State if s.value != ACTIVE]
        for ids in chunks({self.endpoints[r.endpoint_id].pk for _, r in new}):
            rows = Finding.objects.filter(endpoint__in=ids, state__in=states)
            for pk, endpoint, issue, version, first in rows.values_list(
                "pk", "endpoint_id", "issue_id", "version", "first_seen"
            ):
                found[(endpoint, issue, version)] = (pk, first)
        return found


def _reopen(back: Iterable[Known]) -> None:
    for ids in chunks(k.pk for k in back):
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


def _remember(run: SyncRun, resource: RunResource, *known: Iterable[Known]) -> None:
    keys = array("q", (k.pk for some in known for k in some))
    if keys:
        SeenFindings.objects.create(run=run, resource=resource, keys=keys.tobytes())


assert struct.calcsize("q") == array("q").itemsize == 8  # the packing of SeenFindings  # noqa: S101
