"""What an application's history says when endpoints come and go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from issues.models import Application, ApplicationEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def tell_applications(moves: Iterable[tuple[Application, Application]], why: str, user: User | None = None) -> None:
    """One line for each way, in the history of both: ``moves`` has (from, to) for every endpoint."""
    counted = Counter(moves)
    ApplicationEvent.objects.bulk_create(
        [event for (before, after), n in counted.items() for event in lines(before, after, n, why, user)],
        batch_size=100,
    )


def lines(
    before: Application, after: Application, endpoints: int, why: str, user: User | None = None
) -> list[ApplicationEvent]:
    """Not stored yet: "12 endpoints came from Unassigned: pinned by hand", and the same from the other side."""
    number = "1 endpoint" if endpoints == 1 else f"{endpoints:,} endpoints"
    told = ((after, f"{number} came from {before.name}: {why}"), (before, f"{number} went to {after.name}: {why}"))
    kind, now = ApplicationEvent.Kind.ENDPOINTS, timezone.now()
    return [ApplicationEvent(application=a, kind=kind, at=now, user=user, text=text[:500]) for a, text in told]
