"""What happened to an endpoint: where it was put, by which rule or by whom, and when it left."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from issues.models.endpoint import Endpoint


class EndpointEvent(models.Model):
    class Kind(models.TextChoices):
        MOVED = "moved", "Moved to another application"
        PINNED = "pinned", "Pinned"
        UNPINNED = "unpinned", "Pin taken away"
        DECOMMISSIONED = "decommissioned", "Decommissioned"
        RETURNED = "returned", "In use again"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=14, choices=Kind)
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    before = models.CharField(max_length=200, blank=True)  # name of the application
    after = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)  # why: the rule, or what a person said

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("endpoint", "-at"), name="event_of_endpoint"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.endpoint_id}"
