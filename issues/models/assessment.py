"""How far the stored severities follow what they depend on. One row; whoever holds its lease does the work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models.functions import Now


class Assessment(models.Model):
    LEASE = timedelta(seconds=60)

    rules_version = models.PositiveIntegerField(default=0)  # every issue knows of it, or is marked as stale
    aged_at = models.DateTimeField(null=True, blank=True)  # up to here, what time alone changes is marked
    lease_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Severities under rule set version {self.rules_version}"

    @classmethod
    def claim(cls) -> Assessment | None:
        """The row with its lease, or None when another worker has it."""
        cls.objects.get_or_create(pk=1)
        free = cls.objects.filter(models.Q(lease_until=None) | models.Q(lease_until__lt=Now()), pk=1)
        return cls.objects.get(pk=1) if free.update(lease_until=cls._lease_end()) else None

    @classmethod
    def extend(cls) -> None:
        cls.objects.filter(pk=1).update(lease_until=cls._lease_end())

    @classmethod
    def release(cls) -> None:
        cls.objects.filter(pk=1).update(lease_until=None)

    @classmethod
    def _lease_end(cls) -> Any:
        return models.ExpressionWrapper(Now() + cls.LEASE, output_field=models.DateTimeField())
