"""Findings to issues: every stale issue is counted from its findings and written where something differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from connectors.models import Connection, SyncRun
from connectors.sink import Tally
from issues.ingest import fixes
from issues.ingest.assess import Assessor
from issues.ingest.bulk import Row, insert, update
from issues.ingest.counts import Cell, Differences
from issues.ingest.drop import drop_issues
from issues.ingest.gather import Known, Numbers, known
from issues.ingest.mapping import make_stale
from issues.ingest.portion import BATCH, portion
from issues.ingest.reweigh import followed
from issues.ingest.rows import moment
from issues.ingest.scans import pass_on_scans
from issues.models import Endpoint, Finding, Issue, IssueEvent
from issues.severity.changes import why
from issues.severity.levels import Level

CHANGED = 50  # endpoints whose issues are counted again, in one transaction

ALWAYS = ("stale", "rules_version")
COMPARED = Known._fields[Known._fields.index("state") :]
EVENT = ("issue", "kind", "at", "run", "before", "after", "note")
SHOWN_AS_CHANGED = ("vendor_severity", "severity", "start", "score", "findings", "endpoints")


@transaction.atomic
def count_issues(connection: Connection, run: SyncRun | None, *, new: bool = False) -> Tally | None:
    """One batch; None when no issue of the connection is stale. ``new``: only those that nobody has seen yet."""
    stale = Issue.objects.stale(connection)
    if new:
        stale = stale.filter(state=None)
    elif _pass_on_changes(connection) or pass_on_scans(connection):
        return Tally()
    # What another worker counts meanwhile is left to it.
    locked = stale.select_for_update(skip_locked=True).order_by("pk")
    keys = list(locked.values_list("pk", flat=True)[:BATCH])
    return _count(keys, run) if keys else None


def _count(keys: Sequence[int], run: SyncRun | None) -> Tally:
    """The first of these."""
    now = timezone.now()
    keys, numbers = portion(keys, now)
    issues = known(keys)
    batch = _Batch(issues, run, now)
    for issue in issues:
        if issue.pk in numbers:
            batch.recount(issue, numbers[issue.pk])
        else:
            batch.drop(issue)
    batch.write()
    fixes.mark({(issue.application_id, issue.software_id) for issue in issues})
    return batch.tally


def _pass_on_changes(connection: Connection) -> bool:
    """Have the issues of some changed endpoints counted again; False when there is no such endpoint."""
    ids = list(Endpoint.objects.filter(connection=connection, changed=True).values_list("pk", flat=True)[:CHANGED])
    if ids:
        make_stale(set(Finding.objects.active().filter(endpoint__in=ids).values_list("issue_id", flat=True)))
        Endpoint.objects.filter(pk__in=ids).update(changed=False)
    return bool(ids)


class _Batch:
    def __init__(self, issues: Collection[Known], run: SyncRun | None, now: datetime) -> None:
        self.run, self.now, self.tally = run, now, Tally()
        self.assessor = Assessor(issues, self.now)
        self.differences = Differences()
        self.rows: dict[tuple[str, ...], list[Known]] = defaultdict(list)  # by the columns that differ
        self.events: list[Row] = []
        self.same: dict[int, list[int]] = defaultdict(list)  # by the version of the rules they follow
        self.dropped: list[int] = []

    def recount(self, before: Known, numbers: Numbers) -> None:
        issue = _counted(before, numbers, self.assessor.assess(before, numbers))
        # Only what differs is written: a column that is set has its indexes rewritten.
        differing = COMPARED if before.is_new else _differing(before, issue)
        if not differing:
            self.same[issue.rules_version].append(issue.pk)
            return
        self.rows[differing].append(issue)
        self.differences.add(_cell(before), -1, -before.findings)
        self.differences.add(_cell(issue), 1, issue.findings)
        self._tell(issue, before)

    def drop(self, issue: Known) -> None:
        """Its findings have all moved to another issue, which keeps their history."""
        self.differences.add(_cell(issue), -1, -issue.findings)
        self.dropped.append(issue.pk)

    def write(self) -> None:
        drop_issues(self.dropped)
        for differing, issues in self.rows.items():
            columns = (*ALWAYS, *differing)
            rows = map(attrgetter(*columns, "pk"), issues)
            update(Issue, columns, _with_text(rows, columns.index("factors")) if "factors" in columns else list(rows))
        for version, ids in self.same.items():
            Issue.objects.filter(pk__in=ids).update(stale=False, rules_version=version)
        insert(IssueEvent, EVENT, self.events)
        self.differences.write()

    def _tell(self, issue: Known, before: Known) -> None:
        """Count the change for the run, and keep what a person would want to know."""
        if before.is_new:
            # One that was split off when endpoints moved is as old as the one it was split from.
            self.tally.issues_created += self.run is not None and issue.created_run_id == self.run.pk
            return
        if self.run is not None and issue.created_run_id == self.run.pk:
            return  # this run made it, and shows it before all of its findings have come
        if before.state != issue.state:
            self._tell_state(issue, before.state)
        elif any(getattr(issue, name) != getattr(before, name) for name in SHOWN_AS_CHANGED):
            self.tally.issues_changed += 1
        if before.severity != issue.severity:
            self._tell_severity(issue, before)

    def _tell_severity(self, issue: Known, before: Known) -> None:
        note = why(before.factors, issue.factors, (before.start, issue.start))
        if before.rules_version not in (0, issue.rules_version):
            note = f"{note} {followed(issue.rules_version, before.rules_version)}".strip()
        was, is_now = str(Level(before.severity).label), str(Level(issue.severity).label)
        self._event(issue, IssueEvent.Kind.SEVERITY, was, is_now, note)

    def _tell_state(self, issue: Known, before: str | None) -> None:
        kinds: dict[str | None, tuple[str, IssueEvent.Kind]] = {
            Issue.State.ACTIVE: ("issues_reopened", IssueEvent.Kind.REOPENED),
            Issue.State.RESOLVED: ("issues_resolved", IssueEvent.Kind.RESOLVED),
            Issue.State.REMOVED: ("issues_removed", IssueEvent.Kind.REMOVED),
            Issue.State.EXCLUDED: ("issues_changed", IssueEvent.Kind.EXCLUDED),
        }
        counter, kind = kinds[issue.state]
        setattr(self.tally, counter, getattr(self.tally, counter) + 1)
        self._event(issue, kind, before, issue.state, issue.state_reason)

    def _event(
        self, issue: Known, kind: IssueEvent.Kind, before: str | None, after: str | None, note: str = ""
    ) -> None:
        run = self.run.pk if self.run else None
        self.events.append((issue.pk, kind.value, self.now, run, before or "", after or "", note))


def _cell(issue: Known) -> Cell:
    return Cell(issue.connection_id, issue.application_id, issue.state, issue.severity, issue.vendor_severity)


def _with_text(rows: Iterable[Row], ledger: int) -> list[Row]:
    """The ledger, in that column, as JSON."""
    return [(*row[:ledger], orjson.dumps(row[ledger]).decode(), *row[ledger + 1 :]) for row in rows]


def _differing(before: Known, issue: Known) -> tuple[str, ...]:
    return tuple(name for name in COMPARED if getattr(issue, name) != getattr(before, name))


def _counted(issue: Known, numbers: Numbers, assessed: dict[str, Any]) -> Known:
    """With what was assessed, and state, counts and dates from the findings."""
    state, reason = _state(issue, numbers)
    first, seen = moment(numbers.first), moment(numbers.scanned if numbers.active else numbers.last)
    if numbers.active:
        findings, endpoints, resolved = numbers.findings, numbers.endpoints, None
    else:
        findings, endpoints, resolved = 0, 0, moment(numbers.closed)
        seen = max(first, seen or first)
    return issue._replace(
        **assessed,
        stale=False,
        state=state,
        state_reason=reason,
        findings=findings,
        endpoints=endpoints,
        first_seen=first,
        last_seen=seen or first,
        resolved_at=resolved,
    )


def _state(issue: Known, numbers: Numbers) -> tuple[str, str]:
    if numbers.active and issue.decision:
        decided = Issue(state=issue.state, state_reason=issue.state_reason, decision=issue.decision)
        return Issue.State.EXCLUDED.value, decided.reason_of_exclusion
    if numbers.active and numbers.false_positives == numbers.findings:
        return Issue.State.EXCLUDED.value, Issue.FALSE_AT_SOURCE
    if numbers.active:
        return Issue.State.ACTIVE.value, ""
    if numbers.removed:  # not everything was repaired, so it can't be called resolved
        return Issue.State.REMOVED.value, numbers.reason
    return Issue.State.RESOLVED.value, numbers.reason
