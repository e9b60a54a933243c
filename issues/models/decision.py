"""What a person decided about an issue: kept for ever, with who, when and why, also after it ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime

from issues.models.issue import Issue
from issues.severity.levels import Level


class DecisionQuerySet(models.QuerySet["Decision"]):
    def in_force(self) -> DecisionQuerySet:
        """Neither taken back, nor replaced by a newer one, nor over."""
        return self.filter(ended_at=None)

    def lapsed(self, now: datetime) -> DecisionQuerySet:
        """Still in force, though their time is over."""
        return self.in_force().filter(until__lte=now)

    def severities_of(self, issues: Collection[int]) -> dict[int, int]:
        """The severity that a person set, by issue, where one is in force."""
        if not issues:
            return {}
        held = self.in_force().filter(kind=Decision.Kind.SEVERITY, issue__in=issues).order_by("at", "pk")
        return {issue: Level.of(word).value for issue, word in held.values_list("issue_id", "value")}


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
    EXCLUSION = "exclusion"  # their common slot

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

    @property
    def slot(self) -> str:
        """Of one slot only one decision is in force. Empty for comments, which stand beside each other."""
        if self.kind in self.EXCLUDING:
            return self.EXCLUSION
        return "" if self.kind == self.Kind.COMMENT else str(self.kind)

    @property
    def title(self) -> str:
        """``Accepted risk until 15 Dec 2026``; the day is that of the installation's time zone."""
        label = str(self.Kind(self.kind).label)
        return f"{label} until {date_format(localtime(self.until), 'j M Y')}" if self.until else label

    @property
    def in_words(self) -> str:
        return f"{self.title}: {self.reason}" if self.reason else self.title
