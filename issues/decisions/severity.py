"""A person's severity over the one by factors. The ledger stays visible under it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from issues.decisions.batch import Batch, Done, in_batches, label
from issues.decisions.rules import check
from issues.models import Decision, Issue, IssueEvent
from issues.models.issue import IssueQuerySet
from issues.severity.ledger import is_rated
from issues.severity.levels import Level, level_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SEVERITY = Decision.Kind.SEVERITY
BACK = "Back to the severity by factors."


def set_severity(
    issues: IssueQuerySet, level: Level, reason: str, user: User | None, now: datetime | None = None
) -> Done:
    """Give every issue this severity until somebody resets it. ``Refused`` without a reason."""
    now = now or timezone.now()
    check(SEVERITY, value=level.word, reason=reason, now=now)

    def write(batch: Batch) -> None:
        for issue in batch.issues:
            batch.make(issue, Decision(kind=SEVERITY, value=level.word, reason=reason.strip()))
            follow(batch, issue, f"Set by hand: {reason.strip()}")

    return in_batches(issues, user, write, now)


def reset_severity(issues: IssueQuerySet, user: User | None, now: datetime | None = None) -> Done:
    """Go back to the severity by factors where a person had set one."""

    def write(batch: Batch) -> None:
        for issue in batch.issues:
            if batch.end(issue, SEVERITY, "Taken back"):
                follow(batch, issue, BACK)

    return in_batches(issues.filter(overridden=True), user, write, now)


def follow(batch: Batch, issue: Issue, note: str) -> None:
    """Give the issue the severity that is in force now, and tell so."""
    decision, before = batch.in_force[issue.pk].get(SEVERITY), issue.severity
    issue.overridden = decision is not None
    issue.severity = (Level.of(decision.value) if decision else by_factors(issue)).value
    batch.tell(issue, IssueEvent.Kind.SEVERITY, label(before), label(issue.severity), note)


def by_factors(issue: Issue) -> Level:
    """What the ledger says, whoever said otherwise."""
    if not is_rated(Level(issue.vendor_severity), issue.start) and not issue.score:
        return Level.UNKNOWN
    return level_of(issue.score)
