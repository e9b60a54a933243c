"""The unit of work in the queue: findings that share connection, application, CVE and software product."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse

from connectors.models import Connection, SyncRun
from issues.access import sees_everything
from issues.models.application import Application, applications_of
from issues.models.software import Software
from issues.models.vulnerability import Vulnerability
from issues.severity.levels import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, user: User | AnonymousUser) -> IssueQuerySet:
        """What the user may see, without issues whose findings have not been counted yet."""
        counted = self.counted()
        return counted if sees_everything(user) else counted.filter(application__in=applications_of(user))

    def counted(self) -> IssueQuerySet:
        """Without those that an import has just made."""
        return self.filter(state__isnull=False)

    def stale(self, connection: Connection) -> IssueQuerySet:
        """Those whose findings changed since they were counted."""
        return self.filter(connection=connection, stale=True)

    def for_listing(self) -> IssueQuerySet:
        """With everything a row shows, in one query."""
        listed = self.select_related("application", "software", "vulnerability", "connection", "owner")
        return listed.defer("factors", "owner__password")


def _shown(*fields: str, name: str) -> models.Index:
    """By state. Issues without one are left out: an import writes each twice, but to these indexes once."""
    return models.Index(fields=("state", *fields), condition=models.Q(state__isnull=False), name=name)


class Issue(models.Model):
    """Everything a list sorts or filters by is stored here when findings are written, never computed at read time."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        EXCLUDED = "excluded", "Excluded"
        RESOLVED = "resolved", "Resolved"
        REMOVED = "removed", "Removed"

    OPEN_STATES = (State.ACTIVE, State.EXCLUDED)  # still found: their severity follows facts and rules
    CATEGORY = "Vulnerabilities"
    FALSE_AT_SOURCE = "Marked as a false positive at the source"  # why it is excluded when nobody here decided so

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="issues", db_index=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="issues", db_index=False)
    vulnerability = models.ForeignKey(Vulnerability, on_delete=models.PROTECT, related_name="issues")
    software = models.ForeignKey(Software, on_delete=models.PROTECT, related_name="issues")
    title = models.CharField(max_length=400)  # CVE · software

    # None for the seconds between its making and its counting: nobody sees it, and no index of the queue has it yet.
    state = models.CharField(max_length=8, choices=State, null=True, default=None)  # noqa: DJ001
    state_reason = models.CharField(max_length=200, blank=True)
    stale = models.BooleanField(default=True)
    vendor_severity = models.PositiveSmallIntegerField(choices=Level, default=Level.UNKNOWN)
    severity = models.PositiveSmallIntegerField(choices=Level, default=Level.UNKNOWN)
    start = models.FloatField(default=0.0)  # score the ledger begins with, 0.0 to 10.0
    score = models.FloatField(default=0.0)
    factors = models.JSONField(default=list, blank=True)  # [{"code", "name", "type", "weight", "reason"}]
    factor_bits = models.BigIntegerField(default=0, db_default=0)  # which factors speak, weighed or not
    rules_version = models.PositiveIntegerField(default=0, db_default=0)  # of the ledger; 0 before the first
    overridden = models.BooleanField(default=False)
    decision = models.CharField(
        max_length=14, blank=True, default="", db_default=""
    )  # kind of the excluding one in force
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    findings = models.PositiveIntegerField(default=0)  # active ones
    endpoints = models.PositiveIntegerField(default=0)  # distinct, with an active finding
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()  # newest scan that still saw it
    resolved_at = models.DateTimeField(null=True, blank=True)
    created_run = models.ForeignKey(SyncRun, null=True, on_delete=models.SET_NULL, related_name="new_issues")

    objects = IssueQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("connection", "application", "vulnerability", "software"), name="issue_identity"
            ),
        )
        # One index for each way the queue sorts. The state leads each, so that every column of the WHERE is in it.
        indexes = (
            _shown("-severity", "-score", "-id", name="issue_by_severity"),
            _shown("-vendor_severity", "-id", name="issue_by_vendor_severity"),
            _shown("-score", "-id", name="issue_by_score"),
            _shown("-first_seen", "-id", name="issue_by_first_seen"),
            _shown("-last_seen", "-id", name="issue_by_last_seen"),
            _shown("-endpoints", "-id", name="issue_by_endpoints"),
            _shown("title", "id", name="issue_by_title"),
            _shown("factor_bits", name="issue_by_factors"),
            models.Index(fields=("application", "state", "-severity", "-score", "-id"), name="issue_of_application"),
            models.Index(fields=("connection", "stale", "id"), condition=models.Q(stale=True), name="issue_to_count"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("issue", args=[self.pk])

    @property
    def source_tool(self) -> str:
        return self.connection.source_tool

    @property
    def known_score(self) -> float | None:
        """The score, or None for an issue of unknown severity: nothing can be said of it."""
        return None if self.severity == Level.UNKNOWN else self.score

    @property
    def reason_of_exclusion(self) -> str:
        """Why it is excluded by a decision: as it was said then, or at least what kind it is."""
        known = self.state in (self.State.EXCLUDED, None) and self.state_reason != self.FALSE_AT_SOURCE
        return self.state_reason if known and self.state_reason else self.decision.replace("_", " ").capitalize()

    @property
    def change(self) -> str:
        """How our severity stands to the vendor's: "raised", "lowered" or "same"."""
        if self.severity == self.vendor_severity:
            return "same"
        return "raised" if self.severity > self.vendor_severity else "lowered"

    @property
    def time_to_remediate(self) -> timedelta | None:
        return self.resolved_at - self.first_seen if self.resolved_at else None
