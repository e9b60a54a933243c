"""A row whose work one worker at a time does: whoever holds its lease. That of a worker that died runs out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models.functions import Now


class Leased(models.Model):
    LEASE = timedelta(seconds=60)

    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def take_lease(self) -> bool:
        """Whether the caller may do the work; false when another worker has it."""
        free = models.Q(lease_until=None) | models.Q(lease_until__lt=Now())
        return bool(self._row().filter(free).update(lease_until=self._lease_end()))

    def extend_lease(self) -> None:
        self._row().update(lease_until=self._lease_end())

    def release_lease(self) -> None:
        self._row().update(lease_until=None)

    def _row(self) -> models.QuerySet[Any]:
        return type(self)._default_manager.filter(pk=self.pk)

    @classmethod
    def _lease_end(cls) -> Any:
        # The database's clock, so that hosts whose clocks differ agree.
        return models.ExpressionWrapper(Now() + cls.LEASE, output_field=models.DateTimeField())
