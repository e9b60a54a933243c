"""What happened to an application: who changed what of it, and which endpoints came or went."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from issues.models.application import Application


class ApplicationEvent(models.Model):
    class Kind(models.TextChoices):
        CREATED = "created", "Created"
        CHANGED = "changed", "Changed"
        MEMBERS = "members", "People changed"
        ENDPOINTS = "endpoints", "Endpoints moved"

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=9, choices=Kind)
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.CharField(max_length=500)  # "Business priority 3 → 1", "12 endpoints came from Unassigned"

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("application", "-at"), name="event_of_application"),)

    def __str__(self) -> str:
        return self.text
