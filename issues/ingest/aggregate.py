"""Findings to issues: every stale issue is counted from its findings and written where something differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Count, F, Max
from django.utils import timezone

from connectors.models import Connection, SyncRun
from connectors.sink import Tally
from issues.ingest import fixes
from issues.ingest.assess import Assessor
from issues.ingest.bulk import Row, insert, update
from issues.ingest.counts import Cell, Differences
from issues.ingest.drop import drop_issues
from issues.ingest.gather import Numbers, gather
from issues.ingest.mapping import make_stale
from issues.ingest.reweigh import followed
from issues.models import Endpoint, Finding, Issue, IssueEvent
from issues.models.endpoint import EndpointQuerySet
from issues.models.issue import IssueQuerySet
from issues.severity.changes import why
from issues.severity.levels import Level

# Counted in one transaction, whichever is reached first: a tenth of a second or two on SQLite.
BATCH, FINDINGS = 1_000, 20_000  # issues, and findings of theirs
CHANGED = 50  # endpoints whose issues are counted again, in one transaction
RESCANNED = 300  # endpoints whose issues learn of a scan, in one transaction

WRITTEN = (
    "state",
    "state_reason",
    "stale",
    "vendor_severity",
    "severity",
    "start",
    "score",
    "factors",
    "factor_bits",
    "rules_version",
    "findings",
    "endpoints",
    "first_seen",
    "last_seen",
    "resolved_at",
)
READ = ("connection", "created_run", "application", "vulnerability", "software", "overridden", "decision", *WRITTEN)
ALWAYS = ("stale", "rules_version")
COMPARED = tuple(name for name in WRITTEN if name not in ALWAYS)
EVENT = ("issue", "kind", "at", "run", "before", "after", "note")
SHOWN_AS_CHANGED = ("vendor_severity", "severity", "start", "score", "findings", "endpoints")


@transaction.atomic
def count_issues(connection: Connection, run: SyncRun | None, *, new: bool = False) -> Tally | None:
    """One batch; None when no issue of the connection is stale. ``new``: only those that nobody has seen yet."""
    stale = Issue.objects.stale(connection)
    if new:
        stale = stale.filter(state=Issue.State.PENDING)
    elif _pass_on_changes(connection) or _pass_on_scans(connection):
        return Tally()
    issues = _taken(stale)
    return _count(issues, run).tally if issues else None


def _taken(issues: IssueQuerySet) -> list[Issue]:
    """A batch that nobody else counts meanwhile: what another worker holds is left to it."""
    locked = issues.select_for_update(skip_locked=True).order_by("pk")
    keys = _few(list(locked.values_list("pk", flat=True)[:BATCH]))
    return list(Issue.objects.filter(pk__in=keys).only(*READ).order_by("pk"))


def _few(keys: list[int]) -> list[int]:
    """As many of them as have no more than ``FINDINGS`` together, but one at least."""
    of_issue = Finding.objects.filter(issue__in=keys).order_by().values_list("issue_id")
    numbers, total = dict(of_issue.annotate(Count("pk"))), 0
    for position, key in enumerate(keys):
        total += numbers.get(key, 0)
        if total > FINDINGS and position:
            return keys[:position]
    return keys


def _count(issues: Collection[Issue], run: SyncRun | None) -> _Batch:
    batch = _Batch(issues, run)
    numbers = gather([issue.pk for issue in issues], batch.now)
    for issue in issues:
        if issue.pk in numbers:
            batch.recount(issue, numbers[issue.pk])
        else:
            batch.drop(issue)
    batch.write()
    fixes.mark({(issue.application_id, issue.software_id) for issue in issues})
    return batch


def _pass_on_changes(connection: Connection) -> bool:
    """Have the issues of some changed endpoints counted again; False when there is no such endpoint."""
    ids = _some(Endpoint.objects.filter(connection=connection, changed=True), CHANGED)
    if ids:
        make_stale(set(Finding.objects.active().filter(endpoint__in=ids).values_list("issue_id", flat=True)))
        Endpoint.objects.filter(pk__in=ids).update(changed=False)
    return bool(ids)


def _pass_on_scans(connection: Connection) -> bool:
    """Tell the issues of some rescanned endpoints when they were last seen: nothing else of them has changed."""
    ids = _some(Endpoint.objects.filter(connection=connection, rescanned=True), RESCANNED)
    if ids:
        seen = (
            Finding.objects.active()
            .filter(endpoint__in=ids, issue__stale=False)  # a stale one is about to be counted
            .values("issue_id", "issue__last_seen")
            .annotate(at=Max("endpoint__last_scan_at"))
            .filter(at__gt=F("issue__last_seen"))
            .order_by("issue_id")
        )
        update(Issue, ("last_seen",), list(seen.values_list("at", "issue_id")))
        Endpoint.objects.filter(pk__in=ids).update(rescanned=False)
    return bool(ids)


def _some(endpoints: EndpointQuerySet, most: int) -> list[int]:
    return list(endpoints.values_list("pk", flat=True)[:most])


class _Batch:
    def __init__(self, issues: Collection[Issue], run: SyncRun | None) -> None:
        self.run, self.now, self.tally = run, timezone.now(), Tally()
        self.assessor = Assessor(issues, self.now)
        self.differences = Differences()
        self.rows: dict[tuple[str, ...], list[Row]] = defaultdict(list)  # by the columns that differ
        self.events: list[Row] = []
        self.same: dict[int, list[int]] = defaultdict(list)  # by the version of the rules they follow
        self.dropped: list[int] = []

    def recount(self, issue: Issue, numbers: Numbers) -> None:
        before = {name: getattr(issue, name) for name in WRITTEN}
        cell = _cell(issue)
        _apply(issue, numbers)
        self.assessor.assess(issue, numbers, new=before["state"] == Issue.State.PENDING)
        # Only what differs is written: a column that is set has its indexes rewritten.
        differing = tuple(name for name in COMPARED if getattr(issue, name) != before[name])
        if not differing:
            self.same[issue.rules_version].append(issue.pk)
            return
        issue.stale = False
        columns = (*ALWAYS, *differing)
        self.rows[columns].append((*(self._value(issue, name) for name in columns), issue.pk))
        self.differences.add(cell, -1, -before["findings"])
        self.differences.add(_cell(issue), 1, issue.findings)
        self._tell(issue, before)

    def drop(self, issue: Issue) -> None:
        """Its findings have all moved to another issue, which keeps their history."""
        self.differences.add(_cell(issue), -1, -issue.findings)
        self.dropped.append(issue.pk)

    def write(self) -> None:
        drop_issues(self.dropped)
        for columns, rows in self.rows.items():
            update(Issue, columns, rows)
        for version, ids in self.same.items():
            Issue.objects.filter(pk__in=ids).update(stale=False, rules_version=version)
        insert(IssueEvent, EVENT, self.events)
        self.differences.write()

    def _tell(self, issue: Issue, before: dict[str, Any]) -> None:
        """Count the change for the run, and keep what a person would want to know."""
        if before["state"] == Issue.State.PENDING:
            # One that was split off when endpoints moved is as old as the one it was split from.
            self.tally.issues_created += self.run is not None and issue.created_run_id == self.run.pk
            return
        if self.run is not None and issue.created_run_id == self.run.pk:
            return  # this run made it, and shows it before all of its findings have come
        if before["state"] != issue.state:
            self._tell_state(issue, before["state"])
        elif any(getattr(issue, name) != before[name] for name in SHOWN_AS_CHANGED):
            self.tally.issues_changed += 1
        if before["severity"] != issue.severity:
            self._tell_severity(issue, before)

    def _tell_severity(self, issue: Issue, before: dict[str, Any]) -> None:
        note = why(before["factors"], issue.factors, (before["start"], issue.start))
        if before["rules_version"] not in (0, issue.rules_version):
            note = f"{note} {followed(issue.rules_version, before['rules_version'])}".strip()
        was, is_now = str(Level(before["severity"]).label), str(Level(issue.severity).label)
        self._event(issue, IssueEvent.Kind.SEVERITY, was, is_now, note)

    def _tell_state(self, issue: Issue, before: str) -> None:
        kinds = {
            Issue.State.ACTIVE: ("issues_reopened", IssueEvent.Kind.REOPENED),
            Issue.State.RESOLVED: ("issues_resolved", IssueEvent.Kind.RESOLVED),
            Issue.State.REMOVED: ("issues_removed", IssueEvent.Kind.REMOVED),
            Issue.State.EXCLUDED: ("issues_changed", IssueEvent.Kind.EXCLUDED),
        }
        counter, kind = kinds[Issue.State(issue.state)]
        setattr(self.tally, counter, getattr(self.tally, counter) + 1)
        self._event(issue, kind, before, issue.state, issue.state_reason)

    def _event(self, issue: Issue, kind: IssueEvent.Kind, before: str, after: str, note: str = "") -> None:
        run = self.run.pk if self.run else None
        self.events.append((issue.pk, kind.value, self.now, run, before, after, note))

    @staticmethod
    def _value(issue: Issue, name: str) -> Any:
        value = getattr(issue, name)
        return orjson.dumps(value).decode() if name == "factors" else value


def _cell(issue: Issue) -> Cell:
    return Cell(issue.connection_id, issue.application_id, issue.state, issue.severity, issue.vendor_severity)


def _apply(issue: Issue, numbers: Numbers) -> None:
    """State, counts and dates from the findings."""
    issue.findings, issue.endpoints = numbers["active"], numbers["on"]
    issue.first_seen = numbers["first"]
    issue.state, issue.state_reason = _state(issue, numbers)
    if numbers["active"]:
        issue.last_seen, issue.resolved_at = numbers["scanned"] or numbers["first"], None
    else:
        issue.last_seen = _latest(numbers["closed_seen"], numbers["first"])
        issue.resolved_at = numbers["closed"]


def _state(issue: Issue, numbers: Numbers) -> tuple[str, str]:
    if numbers["active"] and issue.decision:
        return Issue.State.EXCLUDED.value, issue.reason_of_exclusion
    if numbers["real"]:
        return Issue.State.ACTIVE.value, ""
    if numbers["active"]:
        return Issue.State.EXCLUDED.value, Issue.FALSE_AT_SOURCE
    if numbers["removed"]:  # not everything was repaired, so it can't be called resolved
        return Issue.State.REMOVED.value, numbers["reason"]
    return Issue.State.RESOLVED.value, numbers["reason"]


def _latest(*dates: datetime | None) -> datetime:
    return max(date for date in dates if date is not None)
