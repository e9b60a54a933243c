"""What happened to an issue: by which run or by whom. Its birth is ``Issue.created_run``, not an event."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from connectors.models import SyncRun
from issues.models.issue import Issue


class IssueEvent(models.Model):
    class Kind(models.TextChoices):
        SEVERITY = "severity", "Severity changed"
        RESOLVED = "resolved", "Resolved"
        REOPENED = "reopened", "Reopened"
        REMOVED = "removed", "Removed"
        EXCLUDED = "excluded", "Excluded"
        RETURNED = "returned", "Back in the queue"
        OWNER = "owner", "Owner changed"
        MERGED = "merged", "Merged"
        MOVED = "moved", "Moved to another application"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField()
    run = models.ForeignKey(SyncRun, null=True, blank=True, on_delete=models.SET_NULL, db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("issue", "-at"), name="event_of_issue"),
            models.Index(fields=("run", "kind"), name="event_of_run"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.issue_id}"
