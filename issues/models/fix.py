"""What updating one software product in one application would close: counted when issues are, read as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from issues.access import sees_everything
from issues.models.application import Application, applications_of
from issues.models.software import Software

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


LEVELS = ("critical", "high", "medium", "low")
SUMMED = ("risk", "endpoints", "issues", "findings", "exploited", *LEVELS)


class FixQuerySet(models.QuerySet["Fix"]):
    def visible_to(self, user: User | AnonymousUser) -> FixQuerySet:
        return self if sees_everything(user) else self.filter(application__in=applications_of(user))

    def closing(self) -> FixQuerySet:
        """Those that would close something."""
        return self.filter(issues__gt=0)


class Fix(models.Model):
    """Of active issues only. ``stale`` ones are counted again soon; rows without issues are deleted.

    Whoever makes a row stale also adds to ``marks``: a count that read before the last mark is thrown away.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="fixes", db_index=False)
    software = models.ForeignKey(Software, on_delete=models.CASCADE, related_name="fixes", db_index=False)
    issues = models.PositiveIntegerField(default=0)
    findings = models.PositiveIntegerField(default=0)
    endpoints = models.PositiveIntegerField(default=0)
    exploited = models.PositiveIntegerField(default=0)  # issues whose CVE is in KEV
    critical = models.PositiveIntegerField(default=0)  # issues
    high = models.PositiveIntegerField(default=0)
    medium = models.PositiveIntegerField(default=0, db_default=0)
    low = models.PositiveIntegerField(default=0, db_default=0)
    risk = models.PositiveBigIntegerField(default=0)
    newest = models.CharField(max_length=300, blank=True)  # highest version that is still vulnerable
    stale = models.BooleanField(default=True, db_default=True)
    marks = models.PositiveIntegerField(default=0, db_default=0)

    objects = FixQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("application", "software"), name="fix_identity"),)
        indexes = (
            models.Index(fields=("stale", "id"), condition=models.Q(stale=True), name="fix_to_count"),
            # Everything that the page adds up over applications, so that it need not look at a row.
            models.Index(fields=("software", "application", *SUMMED), name="fix_by_software"),
        )

    def __str__(self) -> str:
        return f"{self.software_id} in {self.application_id}"

    @property
    def counts(self) -> dict[str, int]:
        """Issues by severity word, without informational ones and those of unknown severity."""
        return {word: getattr(self, word) for word in LEVELS}
