"""Out of the queue: a false positive, an accepted risk, or not now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from issues.decisions.batch import Batch, Done, in_batches
from issues.decisions.rules import check
from issues.models import Decision, IssueEvent
from issues.models.issue import IssueQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def exclude(
    issues: IssueQuerySet,
    kind: str,
    reason: str,
    until: datetime | None,
    user: User | None,
    now: datetime | None = None,
) -> Done:
    """Exclude issues until somebody takes that back, or until ``until``. ``kind``: one of ``Decision.EXCLUDING``.

    ``Refused`` where something is missing. An issue that is over stays so, and is excluded when it comes back.
    """
    now = now or timezone.now()
    check(kind, reason=reason, until=until, now=now)

    def write(batch: Batch) -> None:
        before = {issue.pk: issue.state for issue in batch.issues}
        for issue in batch.issues:
            batch.make(issue, Decision(kind=kind, reason=reason.strip(), until=until))
        batch.settle_states()
        note = Decision(kind=kind, reason=reason.strip(), until=until).in_words
        for issue in batch.issues:
            batch.tell(issue, IssueEvent.Kind.EXCLUDED, before[issue.pk], issue.state, note)

    return in_batches(issues, user, write, now)
