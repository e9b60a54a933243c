"""The findings of one batch, written under the issues they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from connectors.models import SyncRun
from connectors.sources.records import FindingRecord, FindingRow
from issues.ingest.bulk import chunks, insert, new_keys, update
from issues.ingest.dimensions import learn_issues, learn_software, learn_vulnerabilities
from issues.ingest.endpoints import Place
from issues.ingest.mapping import make_stale
from issues.ingest.memory import IssueKey, Memory
from issues.models import Finding
from issues.severity.levels import Level

New = tuple[FindingRow, FindingRecord]
Changed = tuple[FindingRow, FindingRecord, int]  # with the key of the stored finding

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
    "state",
    "last_seen",
    "resolved_at",
    "resolved_reason",
)
LEVELS = {level.word: level.value for level in Level}


class FindingWriter:
    """Knows the endpoints, software, vulnerabilities and issues of a batch; missing ones are made."""

    def __init__(
        self, run: SyncRun, endpoints: dict[str, Place], records: Sequence[FindingRecord], memory: Memory
    ) -> None:
        self.connection, self.endpoints, self.memory = run.connection, endpoints, memory
        self.now = run.started_at or timezone.now()
        learn_software(records, memory)
        learn_vulnerabilities(records, memory)
        wanted: dict[IssueKey, tuple[str, datetime]] = {}
        for r in records:
            key, first = self._key(r), self._first_seen(r)
            if key not in wanted or first < wanted[key][1]:
                wanted[key] = (f"{r.cve} · {r.software_name}"[:400], first)
        learn_issues(self.connection, wanted, run, memory)
        touched = {memory.issues[key] for key in wanted}
        make_stale(touched - memory.stale)
        memory.stale |= touched

    def add(self, new: Sequence[New]) -> tuple[list[New], list[int]]:
        """Insert what is really new; returns that, and the keys of all rows given."""
        rest, adopted = self._adopt(new)
        keys = new_keys(Finding, len(rest))
        rows = [
            (key, self.connection.pk, row.external_id, self._first_seen(r), *self._values(row, r))
            for key, (row, r) in zip(keys, rest, strict=True)
        ]
        insert(Finding, ("id", "connection", "external_id", "first_seen", *COLUMNS), rows)
        return rest, [*adopted, *keys]

    def change(self, changed: Sequence[Changed]) -> None:
        """Write what the source says now; an earlier first-seen date stays."""
        update(Finding, COLUMNS, [(*self._values(row, r), key) for row, r, key in changed])

    def _adopt(self, new: Sequence[New]) -> tuple[list[New], list[int]]:
        """Recognise findings that came back under another id: same endpoint, CVE, software and version, closed here.

        They keep their row and with it their first-seen date.
        """
        closed = self._closed(new)
        if not closed:
            return list(new), []
        rest: list[New] = []
        adopted: list[tuple[Any, ...]] = []
        for row, r in new:
            key = closed.pop((self.endpoints[r.endpoint_id].pk, self._issue(r), r.software_version[:300]), None)
            if key is None:
                rest.append((row, r))
            else:
                adopted.append((row.external_id, *self._values(row, r), key))
        update(Finding, ("external_id", *COLUMNS), adopted)
        return rest, [row[-1] for row in adopted]

    def _closed(self, new: Sequence[New]) -> dict[tuple[int, int, str], int]:
        found: dict[tuple[int, int, str], int] = {}
        closed = [s for s in Finding.State.values if s != Finding.State.ACTIVE]
        if not Finding.objects.filter(connection=self.connection, state__in=closed).exists():
            return found  # the first import need not look
        for ids in chunks({self.endpoints[r.endpoint_id].pk for _, r in new}):
            rows = Finding.objects.filter(endpoint__in=ids, state__in=closed)
            for key, endpoint, issue, version in rows.order_by("pk").values_list(
                "pk", "endpoint_id", "issue_id", "version"
            ):
                found[(endpoint, issue, version)] = key
        return found

    def _key(self, r: FindingRecord) -> IssueKey:
        return (
            self.endpoints[r.endpoint_id].application_id,
            self.memory.vulnerabilities[r.cve][0],
            self.memory.software[(r.software_vendor, r.software_name)],
        )

    def _issue(self, r: FindingRecord) -> int:
        return self.memory.issues[self._key(r)]

    def _first_seen(self, r: FindingRecord) -> datetime:
        return min(r.detected_at, self.now) if r.detected_at else self.now

    def _values(self, row: FindingRow, r: FindingRecord) -> tuple[Any, ...]:
        return (
            row.fingerprint,
            self.endpoints[r.endpoint_id].pk,
            self._issue(r),
            r.software_version[:300],
            LEVELS[r.vendor_severity],
            r.cvss,
            r.risk_score,
            r.false_positive,
            r.evidence,
            r.detected_at,
            Finding.State.ACTIVE.value,
            None,
            None,
            "",
        )
