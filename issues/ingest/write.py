"""The findings of one batch, written under the issues they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from connectors.models import SyncRun
from connectors.sources.records import FindingRecord
from issues.ingest.bulk import chunks, insert, new_keys, update
from issues.ingest.dimensions import forget_moved, learn_flaws, learn_issues, title_of
from issues.ingest.endpoints import Place
from issues.ingest.mapping import make_stale
from issues.ingest.memory import IssueKey, Memory
from issues.models import Finding
from issues.severity.levels import Level

Placed = tuple[FindingRecord, int]  # with the key of its issue

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
ACTIVE = Finding.State.ACTIVE.value
LEVELS = {level.word: level.value for level in Level}


class FindingWriter:
    """Knows the endpoints, software, vulnerabilities and issues of a batch; missing ones are made."""

    def __init__(self, run: SyncRun, endpoints: dict[str, Place], memory: Memory) -> None:
        self.connection, self.run, self.endpoints, self.memory = run.connection, run, endpoints, memory
        self.now = run.started_at or timezone.now()

    def issues_of(self, records: Sequence[FindingRecord]) -> list[int]:
        """The key of the issue of each record; all of them are counted again before the run ends."""
        learn_flaws((r.flaw for r in records), self.memory)
        keys = self._keys(records)
        forget_moved(self.memory, set(keys))
        known = self.memory.issues
        unknown: dict[IssueKey, tuple[str, datetime]] = {}
        for key, r in zip(keys, records, strict=True):
            if key not in known:
                first = self._first_seen(r)
                if key not in unknown or first < unknown[key][1]:
                    unknown[key] = (title_of(r.flaw), first)
        learn_issues(self.connection, unknown, self.run, self.memory)
        issues = [known[key] for key in keys]
        fresh = set(issues) - self.memory.stale
        make_stale(fresh)
        self.memory.stale |= fresh
        return issues

    def add(self, new: Sequence[Placed]) -> tuple[int, list[int]]:
        """Insert what is really new; returns how many that are, and the keys of all rows given."""
        rest, adopted = self._adopt(new)
        keys = new_keys(Finding, len(rest))
        pk, first_seen, values = self.connection.pk, self._first_seen, self._values
        rows = [
            (key, pk, r.external_id, first_seen(r), *values(r, issue))
            for key, (r, issue) in zip(keys, rest, strict=True)
        ]
        insert(Finding, ("id", "connection", "external_id", "first_seen", *COLUMNS), rows)
        return len(rest), [*adopted, *keys]

    def change(self, changed: Sequence[FindingRecord], issues: Sequence[int], keys: Sequence[int]) -> None:
        """Write what the source says now into the findings of these keys; an earlier first-seen date stays."""
        rows = [(*self._values(r, issue), key) for r, issue, key in zip(changed, issues, keys, strict=True)]
        update(Finding, COLUMNS, rows)

    def _adopt(self, new: Sequence[Placed]) -> tuple[Sequence[Placed], list[int]]:
        """Recognise findings that came back under another id: same endpoint, CVE, software and version, closed here.

        They keep their row and with it their first-seen date.
        """
        closed = self._closed(new)
        if not closed:
            return new, []
        rest: list[Placed] = []
        adopted: list[tuple[Any, ...]] = []
        left: set[int] = set()
        for (r, issue), (_, *product) in zip(new, self._keys(r for r, _ in new), strict=True):
            found = closed.pop((self.endpoints[r.endpoint_id].pk, *product, r.flaw.software_version[:300]), None)
            if found is None:
                rest.append((r, issue))
            else:
                adopted.append((r.external_id, *self._values(r, issue), found[0]))
                left.add(found[1])
        update(Finding, ("external_id", *COLUMNS), adopted)
        make_stale(left)
        return rest, [row[-1] for row in adopted]

    def _closed(self, new: Sequence[Placed]) -> dict[tuple[Any, ...], tuple[int, int]]:
        """Keys of the finding and of its issue, in whatever application that is, by what identifies it."""
        found: dict[tuple[Any, ...], tuple[int, int]] = {}
        closed = [s for s in Finding.State.values if s != Finding.State.ACTIVE]
        if not new or not Finding.objects.filter(connection=self.connection, state__in=closed).exists():
            return found  # the first import need not look
        for ids in chunks({self.endpoints[r.endpoint_id].pk for r, _ in new}):
            rows = Finding.objects.filter(endpoint__in=ids, state__in=closed)
            for key, issue, *told in rows.order_by("pk").values_list(
                "pk", "issue_id", "endpoint_id", "issue__vulnerability_id", "issue__software_id", "version"
            ):
                found[tuple(told)] = key, issue
        return found

    def _keys(self, records: Iterable[FindingRecord]) -> list[IssueKey]:
        places, flaws = self.endpoints, self.memory.flaws
        return [(places[r.endpoint_id].application_id, *flaws[r.flaw]) for r in records]

    def _first_seen(self, r: FindingRecord) -> datetime:
        return min(r.detected_at, self.now) if r.detected_at else self.now

    def _values(self, r: FindingRecord, issue: int) -> tuple[Any, ...]:
        flaw = r.flaw
        return (
            r.fingerprint,
            self.endpoints[r.endpoint_id].pk,
            issue,
            flaw.software_version[:300],
            LEVELS[flaw.vendor_severity],
            flaw.cvss,
            flaw.risk_score,
            r.false_positive,
            r.evidence,
            r.detected_at,
            ACTIVE,
            None,
            None,
            "",
        )
