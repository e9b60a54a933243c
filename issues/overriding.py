"""A person's severity over the one by factors: set and taken back, for one issue or many. The ledger stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from issues.ingest.counts import Cell, Differences
from issues.models import Issue, IssueEvent, SeverityOverride
from issues.models.issue import IssueQuerySet
from issues.severity.ledger import is_rated
from issues.severity.levels import WORST_FIRST, Level, level_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BATCH = 900
SETTABLE = tuple(level for level in WORST_FIRST if level is not Level.UNKNOWN)


def set_severity(issues: IssueQuerySet, level: Level, reason: str, user: User) -> int:
    """Give every issue this severity until somebody resets it; returns how many. ``reason`` is required.

    The caller has made sure that the user may decide, and that ``issues`` holds only what they see.
    """
    if not reason.strip():
        raise ValueError("A severity set by hand needs a reason.")
    return _in_batches(issues, lambda batch: _set(batch, level, reason.strip(), user))


def reset_severity(issues: IssueQuerySet, user: User) -> int:
    """Go back to the severity by factors where a person had set one; returns how many."""
    return _in_batches(issues.filter(overridden=True), lambda batch: _reset(batch, user))


def by_factors(issue: Issue) -> Level:
    """What the ledger says, whoever said otherwise."""
    if not is_rated(Level(issue.vendor_severity), issue.start) and not issue.score:
        return Level.UNKNOWN
    return level_of(issue.score)


def _in_batches(issues: IssueQuerySet, write: Callable[[Sequence[Issue]], None]) -> int:
    keys = list(issues.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            locked = Issue.objects.select_for_update().filter(pk__in=keys[start : start + BATCH])
            write(list(locked.defer("factors").order_by("pk")))
    return len(keys)


def _set(batch: Sequence[Issue], level: Level, reason: str, user: User) -> None:
    now = timezone.now()
    SeverityOverride.objects.bulk_create(
        [SeverityOverride(issue=issue, severity=level, reason=reason, user=user, at=now) for issue in batch],
        batch_size=150,
        update_conflicts=True,
        unique_fields=["issue"],
        update_fields=["severity", "reason", "user", "at"],
    )
    _move(batch, {issue.pk: level for issue in batch}, f"Set by hand: {reason}", user, overridden=True)


def _reset(batch: Sequence[Issue], user: User) -> None:
    SeverityOverride.objects.filter(issue__in=[issue.pk for issue in batch]).delete()
    levels = {issue.pk: by_factors(issue) for issue in batch}
    _move(batch, levels, "Back to the severity by factors.", user, overridden=False)


def _move(batch: Sequence[Issue], levels: dict[int, Level], note: str, user: User, *, overridden: bool) -> None:
    differences, now = Differences(), timezone.now()
    events = []
    for issue in batch:
        cell = Cell(issue.connection_id, issue.application_id, issue.state, issue.severity, issue.vendor_severity)
        before, after = Level(issue.severity), levels[issue.pk]
        differences.add(cell, -1, -issue.findings)
        differences.add(cell._replace(severity=after.value), 1, issue.findings)
        issue.severity, issue.overridden = after.value, overridden
        words = {"before": str(before.label), "after": str(after.label), "note": note}
        events.append(IssueEvent(issue=issue, kind=IssueEvent.Kind.SEVERITY, at=now, user=user, **words))
    Issue.objects.bulk_update(batch, ["severity", "overridden"], batch_size=200)
    IssueEvent.objects.bulk_create(events, batch_size=100)
    differences.write()
