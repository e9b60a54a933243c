"""What follows when decisions end or come back: states, severities and owners, each with its event."""

from __future__ import annotations

from collections.abc import Mapping

from issues.decisions import owner, severity
from issues.decisions.batch import Batch
from issues.models import Decision, Issue, IssueEvent
from issues.severity.levels import Level


def follow(batch: Batch, notes: Mapping[int, str]) -> None:
    """Make every issue of the batch what is now in force on it; only what changes is told, with its note."""
    before = {issue.pk: (issue.decision, issue.state) for issue in batch.issues}
    batch.settle_states()
    for issue in batch.issues:
        note, (decision, state) = notes.get(issue.pk, ""), before[issue.pk]
        if decision != issue.decision:
            kind = IssueEvent.Kind.EXCLUDED if issue.decision else IssueEvent.Kind.RETURNED
            batch.tell(issue, kind, state, issue.state, _with_decision(batch, issue, note))
        if _severity_differs(batch, issue):
            severity.follow(batch, issue, note)
    owner.follow(batch, notes)


def _with_decision(batch: Batch, issue: Issue, note: str) -> str:
    decision = batch.in_force[issue.pk].get(Decision.EXCLUSION)
    return f"{note} {decision.in_words}" if decision else note


def _severity_differs(batch: Batch, issue: Issue) -> bool:
    decision = batch.in_force[issue.pk].get(severity.SEVERITY)
    if decision is None:
        return issue.overridden
    return not issue.overridden or Level.of(decision.value) != issue.severity
