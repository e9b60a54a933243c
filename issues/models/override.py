"""A severity that a person set: it wins over everything, and the ledger stays visible under it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from issues.models.issue import Issue
from issues.severity.levels import Level


class SeverityOverride(models.Model):
    issue = models.OneToOneField(Issue, on_delete=models.CASCADE, related_name="override")
    severity = models.PositiveSmallIntegerField(choices=Level)
    reason = models.TextField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.get_severity_display()} for {self.issue_id}"
