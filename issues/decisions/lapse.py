"""Decisions whose time is over: their issues come back into the queue by themselves."""

from __future__ import annotations

import time
from datetime import datetime

from django.utils import timezone

from issues.decisions.batch import SIZE, Batch, in_one_go
from issues.decisions.ending import follow
from issues.models import Decision

TURN = 20.0  # seconds
BREATH = 0.02  # seconds between batches, so that people's writes get their turn on SQLite


def lapse(now: datetime | None = None, seconds: float = TURN) -> bool:
    """End what ran out, in batches; True when there is more. Killed anywhere, the next call does the rest."""
    now, until = now or timezone.now(), time.monotonic() + seconds
    while keys := _due(now):
        if time.monotonic() > until:
            return True
        in_one_go(keys, None, _end, now)
        time.sleep(BREATH)
    return False


def _due(now: datetime) -> list[int]:
    """Some issues with a decision that ran out; asked each minute, so it is one walk of a small index."""
    lapsed = Decision.objects.lapsed(now).order_by("until").values_list("issue_id", flat=True)
    return sorted(set(lapsed[:SIZE]))


def _end(batch: Batch) -> None:
    ended = list(Decision.objects.lapsed(batch.now).filter(issue__in=[issue.pk for issue in batch.issues]))
    for decision in ended:
        batch.end_this(decision, "Its time is over")
    follow(batch, {decision.issue_id: f"{decision.title}: its time is over." for decision in ended})
