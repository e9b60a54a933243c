"""Endpoints of a batch put into their applications as they are imported; what was moved is told, and followed later."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from issues.ingest.mapping import Mapper
from issues.mapping.events import tell_applications
from issues.models import Application, Endpoint, EndpointEvent
from issues.models.endpoint import TO_FOLLOW


class Placing:
    """``stored``: endpoints of the batch that exist already. The findings of those that move follow in ``follow``."""

    def __init__(self, stored: Iterable[Endpoint] = ()) -> None:
        self._mapper = Mapper([endpoint.pk for endpoint in stored])
        self._events: list[EndpointEvent] = []
        self._ways: list[tuple[Application, Application]] = []

    def put(self, endpoint: Endpoint) -> None:
        before = endpoint.application_id if endpoint.pk else None
        why = self._mapper.place(endpoint)
        if before is not None and before != endpoint.application_id:
            endpoint.mapped_version = TO_FOLLOW
            self._tell(endpoint, self._mapper.application(before), why)
        elif before is None or endpoint.mapped_version != TO_FOLLOW:
            endpoint.mapped_version = self._mapper.version

    def tell(self) -> None:
        """Write what is to be remembered of the moves."""
        EndpointEvent.objects.bulk_create(self._events, batch_size=100)
        tell_applications(self._ways, "the source describes them otherwise now")

    def _tell(self, endpoint: Endpoint, before: Application, why: str) -> None:
        note = f"{why}, as the source describes it now"[:300]
        moved, after = EndpointEvent.Kind.MOVED, endpoint.application
        self._ways.append((before, after))
        self._events.append(
            EndpointEvent(
                endpoint=endpoint, kind=moved, at=timezone.now(), before=before.name, after=after.name, note=note
            )
        )
