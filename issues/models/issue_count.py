"""How many issues there are of each kind, kept while issues are written: facets and cards never count rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from connectors.models import Connection
from issues.access import sees_everything
from issues.models.application import Application, applications_of
from issues.models.issue import Issue
from issues.severity.levels import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class IssueCountQuerySet(models.QuerySet["IssueCount"]):
    def visible_to(self, user: User | AnonymousUser) -> IssueCountQuerySet:
        return self if sees_everything(user) else self.filter(application__in=applications_of(user))


class IssueCount(models.Model):
    """One row for each combination that exists; ``issues`` and ``findings`` may be zero, never negative."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, db_index=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="counts")
    state = models.CharField(max_length=8, choices=Issue.State)
    severity = models.PositiveSmallIntegerField(choices=Level)
    vendor_severity = models.PositiveSmallIntegerField(choices=Level)
    issues = models.IntegerField(default=0)
    findings = models.IntegerField(default=0)

    objects = IssueCountQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("connection", "application", "state", "severity", "vendor_severity"), name="issue_count_cell"
            ),
        )

    def __str__(self) -> str:
        return f"{self.issues} {self.state} of {self.application_id}"
