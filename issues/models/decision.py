"""What a person decided about an issue: kept for ever, with who, when and why, also after it ended."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from issues.models.issue import Issue


class DecisionQuerySet(models.QuerySet["Decision"]):
    def in_force(self) -> DecisionQuerySet:
        """Neither taken back, nor replaced by a newer one, nor over."""
        return self.filter(ended_at=None)

    def lapsed(self, now: datetime) -> DecisionQuerySet:
        """Still in force, though their time is over."""
        return self.in_force().filter(until__lte=now)


class Decision(models.Model):
    """``value`` is a severity word for "severity" and a user name for "owner"; empty for the others."""

    class Kind(models.TextChoices):
        FALSE_POSITIVE = "false_positive", "False positive"
        ACCEPTED_RISK = "accepted_risk", "Accepted risk"
        SNOOZE = "snooze", "Snoozed"
        SEVERITY = "severity", "Severity set by hand"
        OWNER = "owner", "Owner"
        COMMENT = "comment", "Comment"

    # While one of these is in force, the issue is excluded from the queue. The stricter one comes first.
    EXCLUDING = (Kind.SNOOZE, Kind.ACCEPTED_RISK, Kind.FALSE_POSITIVE)

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="decisions", db_index=False)
    kind = models.CharField(max_length=14, choices=Kind)
    value = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)
    until = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="decisions",
        db_index=False,
    )
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    ended_reason = models.CharField(max_length=200, blank=True)  # "Taken back", "Replaced", "Its time is over", …

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("issue", "-at"), name="decision_of_issue"),
            models.Index(fields=("until",), condition=models.Q(ended_at=None), name="decision_lapses"),
            # What one person did in one go carries one time: by it the whole can be undone.
            models.Index(fields=("user", "at"), name="decision_made"),
            models.Index(fields=("ended_by", "ended_at"), name="decision_ended"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.issue_id}"

    @property
    def is_in_force(self) -> bool:
        return self.ended_at is None
