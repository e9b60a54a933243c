"""Every saved list of mapping rules, and how far the endpoints follow it. The newest one counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class MappingRevisionQuerySet(models.QuerySet["MappingRevision"]):
    def current(self) -> MappingRevision | None:
        return self.order_by("-version").first()


class MappingRevision(models.Model):
    """``rules`` is the ordered list in the shape of the API; ``endpoints`` and ``moved`` tell the progress."""

    LEASE = timedelta(seconds=60)

    version = models.PositiveIntegerField(unique=True)
    rules = models.JSONField(default=list)
    comment = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)

    endpoints = models.PositiveIntegerField(default=0)  # looked at so far
    expected = models.PositiveIntegerField(default=0)  # endpoints there were when it was saved
    moved = models.PositiveIntegerField(default=0)  # of them, to another application
    moved_issues = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    objects = MappingRevisionQuerySet.as_manager()

    class Meta:
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"Mapping rules version {self.version}"

    def claim(self) -> bool:
        """Whether the caller may do its work; false when another worker has it."""
        mine = models.Q(lease_until=None) | models.Q(lease_until__lt=Now())
        return bool(type(self).objects.filter(mine, pk=self.pk).update(lease_until=self._lease_end()))

    def extend(self) -> None:
        type(self).objects.filter(pk=self.pk).update(lease_until=self._lease_end())

    def release(self) -> None:
        type(self).objects.filter(pk=self.pk).update(lease_until=None)

    @classmethod
    def _lease_end(cls) -> Any:
        return models.ExpressionWrapper(Now() + cls.LEASE, output_field=models.DateTimeField())
