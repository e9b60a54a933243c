"""Every saved list of mapping rules, and how far the endpoints follow it. The newest one counts."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from issues.models.lease import Leased


class MappingRevisionQuerySet(models.QuerySet["MappingRevision"]):
    def current(self) -> MappingRevision | None:
        return self.order_by("-version").first()

    def unfinished(self) -> MappingRevisionQuerySet:
        """The current one while endpoints and issues are on their way; saving ends the work of those before."""
        return self.filter(finished_at=None)


class MappingRevision(Leased):
    """``rules`` is the ordered list in the shape of the API.

    Endpoints are placed first, then their issues follow them: ``percent`` tells how far that is.
    """

    version = models.PositiveIntegerField(unique=True)
    rules = models.JSONField(default=list)
    comment = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)

    endpoints = models.PositiveIntegerField(default=0)  # placed so far
    expected = models.PositiveIntegerField(default=0)  # endpoints there were when it was saved
    moved = models.PositiveIntegerField(default=0)  # of them, to another application
    moved_issues = models.PositiveIntegerField(default=0)  # so far; one that is split counts for each part that moved
    expected_issues = models.PositiveIntegerField(default=0, db_default=0)  # about; known when endpoints are placed
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = MappingRevisionQuerySet.as_manager()

    class Meta:
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"Mapping rules version {self.version}"

    @property
    def is_finished(self) -> bool:
        """Every endpoint and every issue follows it."""
        return self.finished_at is not None

    @property
    def percent(self) -> int:
        """How far its work is, 0 to 100: a tenth of it is placing endpoints."""
        if self.is_finished:
            return 100
        placed = min(self.endpoints / self.expected, 1.0) if self.expected else 1.0
        moved = min(self.moved_issues / self.expected_issues, 1.0) if self.expected_issues else 0.0
        return int(10 * placed + 89 * moved)
