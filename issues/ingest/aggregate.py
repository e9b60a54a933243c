"""Findings to issues: every stale issue is counted from its findings and written where something differs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from connectors.models import Connection, SyncRun
from connectors.sink import Tally
from issues.ingest.assess import assess
from issues.ingest.bulk import update
from issues.ingest.counts import Cell, Differences
from issues.ingest.mapping import make_stale
from issues.models import Endpoint, Finding, Issue, IssueEvent

BATCH = 900  # issues counted in one transaction
RESCANNED = 50  # endpoints whose issues learn of a scan in one transaction

WRITTEN = (
    "state",
    "state_reason",
    "stale",
    "vendor_severity",
    "severity",
    "start",
    "score",
    "findings",
    "endpoints",
    "first_seen",
    "last_seen",
    "resolved_at",
)
SHOWN_AS_CHANGED = ("vendor_severity", "severity", "start", "score", "findings", "endpoints")


def count_issues(connection: Connection, run: SyncRun | None) -> Tally | None:
    """One batch; None when no issue of the connection is stale."""
    if _pass_on_scans(connection):
        return Tally()
    issues = {i.pk: i for i in Issue.objects.stale(connection).order_by("pk").defer("factors")[:BATCH]}
    if not issues:
        return None
    batch = _Batch(run)
    facts = _facts(issues)
    for issue in issues.values():
        if issue.pk in facts:
            batch.recount(issue, facts[issue.pk])
        else:
            batch.drop(issue)
    batch.write()
    return batch.tally


def _pass_on_scans(connection: Connection) -> bool:
    """Make the issues of some rescanned endpoints stale; False when there is no such endpoint."""
    ids = list(Endpoint.objects.filter(connection=connection, rescanned=True).values_list("pk", flat=True)[:RESCANNED])
    if ids:
        findings = Finding.objects.active().filter(endpoint__in=ids)
        make_stale(set(findings.values_list("issue_id", flat=True)))
        Endpoint.objects.filter(pk__in=ids).update(rescanned=False)
    return bool(ids)


def _facts(issues: dict[int, Issue]) -> dict[int, dict[str, Any]]:
    """Numbers of each issue's findings, in one query; an issue without findings is missing."""
    active = Q(state=Finding.State.ACTIVE)
    real = active & Q(false_positive=False)
    rows = (
        Finding.objects.filter(issue__in=list(issues))
        .order_by()
        .values("issue_id")
        .annotate(
            active=Count("pk", filter=active),
            real=Count("pk", filter=real),
            removed=Count("pk", filter=Q(state=Finding.State.REMOVED)),
            on=Count("endpoint_id", filter=active, distinct=True),
            active_severity=Max("vendor_severity", filter=active),
            any_severity=Max("vendor_severity"),
            active_cvss=Max("cvss", filter=active),
            any_cvss=Max("cvss"),
            active_risk=Max("risk_score", filter=active),
            any_risk=Max("risk_score"),
            first=Min("first_seen"),
            scanned=Max("endpoint__last_scan_at", filter=active),
            closed=Max("resolved_at"),
            closed_seen=Max("last_seen"),
            reason=Max("resolved_reason"),
        )
    )
    return {row["issue_id"]: dict(row) for row in rows}


class _Batch:
    def __init__(self, run: SyncRun | None) -> None:
        self.run, self.now, self.tally = run, timezone.now(), Tally()
        self.differences, self.rows, self.events = Differences(), [], []  # type: ignore[var-annotated]
        self.same: list[int] = []

    def recount(self, issue: Issue, facts: dict[str, Any]) -> None:
        before = {name: getattr(issue, name) for name in WRITTEN}
        cell = _cell(issue)
        _apply(issue, facts)
        assess(issue, facts)
        issue.stale = False
        if all(getattr(issue, name) == value for name, value in before.items() if name != "stale"):
            self.same.append(issue.pk)
            return
        self.rows.append((*(getattr(issue, name) for name in WRITTEN), issue.pk))
        self.differences.add(cell, -1, -before["findings"])
        self.differences.add(_cell(issue), 1, issue.findings)
        self._tell(issue, before)

    def drop(self, issue: Issue) -> None:
        """Its findings have all moved to another issue, which keeps their history."""
        self.differences.add(_cell(issue), -1, -issue.findings)
        issue.delete()

    def write(self) -> None:
        update(Issue, WRITTEN, self.rows)
        Issue.objects.filter(pk__in=self.same).update(stale=False)
        IssueEvent.objects.bulk_create(self.events, batch_size=100)
        self.differences.write()

    def _tell(self, issue: Issue, before: dict[str, Any]) -> None:
        """Count the change for the run, and keep what a person would want to know."""
        if before["state"] == Issue.State.PENDING:
            self.tally.issues_created += 1
            return
        if before["state"] != issue.state:
            self._tell_state(issue, before["state"])
        elif any(getattr(issue, name) != before[name] for name in SHOWN_AS_CHANGED):
            self.tally.issues_changed += 1
        if before["severity"] != issue.severity:
            words = (Issue(severity=s).get_severity_display() for s in (before["severity"], issue.severity))
            self._event(issue, IssueEvent.Kind.SEVERITY, *words)

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
        self.events.append(
            IssueEvent(issue=issue, kind=kind, at=self.now, run=self.run, before=before, after=after, note=note)
        )


def _cell(issue: Issue) -> Cell:
    return Cell(issue.connection_id, issue.application_id, issue.state, issue.severity, issue.vendor_severity)


def _apply(issue: Issue, facts: dict[str, Any]) -> None:
    """State, counts and dates from the findings."""
    issue.findings, issue.endpoints = facts["active"], facts["on"]
    issue.first_seen = facts["first"]
    issue.state, issue.state_reason = _state(facts)
    if facts["active"]:
        issue.last_seen, issue.resolved_at = facts["scanned"] or facts["first"], None
    else:
        issue.last_seen = _latest(facts["closed_seen"], facts["first"])
        issue.resolved_at = facts["closed"]


def _state(facts: dict[str, Any]) -> tuple[str, str]:
    if facts["real"]:
        return Issue.State.ACTIVE.value, ""
    if facts["active"]:
        return Issue.State.EXCLUDED.value, "Marked as a false positive at the source"
    if facts["removed"]:  # not everything was repaired, so it can't be called resolved
        return Issue.State.REMOVED.value, facts["reason"]
    return Issue.State.RESOLVED.value, facts["reason"]


def _latest(*dates: datetime | None) -> datetime:
    return max(date for date in dates if date is not None)
