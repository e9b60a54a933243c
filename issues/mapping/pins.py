"""Pins: a person says where an endpoint belongs, and no rule moves it until the pin is taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from issues.asking import remap_soon
from issues.mapping.events import tell_applications
from issues.mapping.hold import held
from issues.models import Application, Endpoint, EndpointEvent
from issues.models.endpoint import TO_FOLLOW, EndpointQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BATCH = 900


def pin(endpoints: EndpointQuerySet, application: Application, user: User, reason: str = "") -> int:
    """Put endpoints into an application for good; their issues follow in the background. Returns how many changed.

    The caller has made sure that the user may decide, and that ``endpoints`` holds only what they see.
    """

    def change(batch: Sequence[Endpoint]) -> int:
        changed = [e for e in batch if not e.pinned or e.application_id != application.pk]
        _tell(changed, EndpointEvent.Kind.PINNED, application.name, user, reason)
        moved = [e.application for e in changed if e.application_id != application.pk]
        tell_applications([(before, application) for before in moved], "pinned by hand", user)
        values = {"application": application, "pinned": True, "mapped_by": None, "mapped_version": TO_FOLLOW}
        return Endpoint.objects.filter(pk__in=[e.pk for e in changed]).update(**values)

    return _in_batches(endpoints, change)


def unpin(endpoints: EndpointQuerySet, user: User) -> int:
    """Let the rules decide again; endpoints and issues follow in the background. Returns how many were pinned."""

    def change(batch: Sequence[Endpoint]) -> int:
        pinned = [e for e in batch if e.pinned]
        _tell(pinned, EndpointEvent.Kind.UNPINNED, "", user, "")
        values = {"pinned": False, "mapped_version": TO_FOLLOW}
        return Endpoint.objects.filter(pk__in=[e.pk for e in pinned]).update(**values)

    return _in_batches(endpoints, change)


def _in_batches(endpoints: EndpointQuerySet, change: Callable[[Sequence[Endpoint]], int]) -> int:
    keys, changed = list(endpoints.order_by("pk").values_list("pk", flat=True)), 0
    for start in range(0, len(keys), BATCH):
        batch = Endpoint.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        with transaction.atomic(), held(*batch.order_by().values_list("connection_id", flat=True).distinct()):
            changed += change(list(batch.select_related("application")))
            remap_soon()
    return changed


def _tell(endpoints: Sequence[Endpoint], kind: EndpointEvent.Kind, after: str, user: User, note: str) -> None:
    now = timezone.now()
    events = [
        EndpointEvent(
            endpoint=e, kind=kind, at=now, user=user, before=e.application.name, after=after, note=note.strip()[:300]
        )
        for e in endpoints
    ]
    EndpointEvent.objects.bulk_create(events, batch_size=100)
