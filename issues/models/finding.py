"""One CVE in one version of a software product on one endpoint, as the source reports it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from django.db import models

from connectors.models import Connection
from issues.access import sees_everything
from issues.models.application import applications_of
from issues.models.endpoint import Endpoint
from issues.models.issue import Issue
from issues.severity.levels import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: User | AnonymousUser) -> FindingQuerySet:
        return self if sees_everything(user) else self.filter(issue__application__in=applications_of(user))

    def active(self) -> FindingQuerySet:
        return self.filter(state=Finding.State.ACTIVE)

    def for_listing(self) -> FindingQuerySet:
        return self.select_related("endpoint__connection", "issue__vulnerability", "issue__software")


class Finding(models.Model):
    """CVE and software are the issue's; an active finding was last seen at its endpoint's last scan."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        RESOLVED = "resolved", "Resolved"
        REMOVED = "removed", "Removed"

    # The issue's: the database checks that one, and need not check twice for every finding.
    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="findings", db_index=False, db_constraint=False
    )
    external_id = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=16)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="findings", db_index=False)
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="all_findings", db_index=False)
    version = models.CharField(max_length=300, blank=True)
    vendor_severity = models.PositiveSmallIntegerField(choices=Level, default=Level.UNKNOWN)
    cvss = models.FloatField(null=True, blank=True)
    risk_score = models.FloatField(null=True, blank=True)
    false_positive = models.BooleanField(default=False)  # marked so at the source
    evidence = models.TextField(blank=True)  # the source's own fields as JSON text
    detected_at = models.DateTimeField(null=True, blank=True)
    first_seen = models.DateTimeField()

    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    last_seen = models.DateTimeField(null=True, blank=True)  # set when it closes
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_reason = models.CharField(max_length=100, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("connection", "external_id"), name="finding_once_per_connection"),
        )
        indexes = (
            models.Index(fields=("issue", "state"), name="finding_of_issue"),
            models.Index(fields=("endpoint", "state", "issue"), name="finding_of_endpoint"),
            models.Index(fields=("connection", "state", "id"), name="finding_of_connection"),
        )

    def __str__(self) -> str:
        return f"{self.issue.title} on {self.endpoint}"

    @property
    def seen_at(self) -> datetime:
        """When the source last still saw it."""
        if self.state == self.State.ACTIVE:
            return self.endpoint.last_scan_at or self.detected_at or self.first_seen
        return self.last_seen or self.first_seen

    @property
    def evidence_fields(self) -> dict[str, Any]:
        """What the source said, field by field, in its own order."""
        fields: dict[str, Any] = orjson.loads(self.evidence) if self.evidence else {}
        return fields
