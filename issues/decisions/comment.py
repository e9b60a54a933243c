"""Words beside an issue, for whoever comes next."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from issues.decisions.batch import Batch, Done, in_batches
from issues.decisions.rules import check
from issues.models import Decision
from issues.models.issue import IssueQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def comment(issues: IssueQuerySet, text: str, user: User | None, now: datetime | None = None) -> Done:
    """``Refused`` without a text. The activity of the issue shows it; no event says it a second time."""
    now = now or timezone.now()
    check(Decision.Kind.COMMENT, reason=text, now=now)

    def write(batch: Batch) -> None:
        for issue in batch.issues:
            batch.make(issue, Decision(kind=Decision.Kind.COMMENT, reason=text.strip()))

    return in_batches(issues, user, write, now)
