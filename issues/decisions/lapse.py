"""Decisions whose time is over: their issues come back into the queue by themselves."""

from __future__ import annotations

import time
from datetime import datetime
from functools import partial

from django.utils import timezone

from connectors.sync.breath import Breath
from issues.decisions.batch import SIZE, Batch, in_one_go
from issues.decisions.ending import follow
from issues.models import Decision

TURN = 20.0  # seconds


def lapse(now: datetime | None = None, seconds: float = TURN) -> bool:
    """End what ran out, in batches; True when there is more. Killed anywhere, the next call does the rest."""
    now, until, breath = now or timezone.now(), time.monotonic() + seconds, Breath()
    while due := _due(now):
        if time.monotonic() > until:
            return True
        in_one_go(sorted(set(due.values())), None, partial(_end, list(due)), now)
        breath.take()
    return False


def _due(now: datetime) -> dict[int, int]:
    """The issues of some decisions that ran out; asked each minute, so it is one walk of a small index."""
    lapsed = Decision.objects.lapsed(now).order_by("until", "pk").values_list("pk", "issue_id")
    return dict(lapsed[:SIZE])


def _end(due: list[int], batch: Batch) -> None:
    ended = list(Decision.objects.in_force().filter(pk__in=due))
    for decision in ended:
        batch.end_this(decision, "Its time is over")
    follow(batch, {decision.issue_id: f"{decision.title}: its time is over." for decision in ended})
