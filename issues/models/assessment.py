"""How far the stored severities follow what they depend on. One row; whoever holds its lease does the work."""

from __future__ import annotations

from django.db import models

from issues.models.lease import Leased


class Assessment(Leased):
    rules_version = models.PositiveIntegerField(default=0)  # every issue knows of it, or is marked as stale
    aged_at = models.DateTimeField(null=True, blank=True)  # up to here, what time alone changes is marked

    def __str__(self) -> str:
        return f"Severities under rule set version {self.rules_version}"

    @classmethod
    def claim(cls) -> Assessment | None:
        """The row with its lease, or None when another worker has it."""
        row, _ = cls.objects.get_or_create(pk=1)
        if not row.take_lease():
            return None
        row.refresh_from_db()
        return row

    @classmethod
    def extend(cls) -> None:
        cls(pk=1).extend_lease()

    @classmethod
    def release(cls) -> None:
        cls(pk=1).release_lease()
