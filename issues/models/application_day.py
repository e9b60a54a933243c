"""One row a day for each application: what its trend is drawn from. Today's is written again until the day is over."""

from __future__ import annotations

from django.db import models

from issues.models.application import Application


class ApplicationDay(models.Model):
    """Active issues by severity, and the rest as it stood at the end of the day (UTC)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    critical = models.PositiveIntegerField(default=0)
    high = models.PositiveIntegerField(default=0)
    medium = models.PositiveIntegerField(default=0)
    low = models.PositiveIntegerField(default=0)
    info = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    endpoints = models.PositiveIntegerField(default=0)
    risk = models.PositiveBigIntegerField(default=0)
    counted_back = models.BooleanField(default=False)  # from dates of detection, for days before the first import

    class Meta:
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=("application", "day"), name="application_day"),)
        indexes = (models.Index(fields=("day",), name="application_day_day"),)

    def __str__(self) -> str:
        return f"{self.application_id} on {self.day}"
