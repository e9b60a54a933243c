"""One row a day for each application: what its trend is drawn from. Today's is written again until the day is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from issues.access import sees_everything
from issues.models.application import Application, applications_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class ApplicationDayQuerySet(models.QuerySet["ApplicationDay"]):
    def visible_to(self, user: User | AnonymousUser) -> ApplicationDayQuerySet:
        return self if sees_everything(user) else self.filter(application__in=applications_of(user))

    def counted(self) -> ApplicationDayQuerySet:
        """Without those that were counted back."""
        return self.filter(counted_back=False)


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

    objects = ApplicationDayQuerySet.as_manager()

    class Meta:
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=("application", "day"), name="application_day"),)
        indexes = (models.Index(fields=("day",), name="application_day_day"),)

    def __str__(self) -> str:
        return f"{self.application_id} on {self.day}"
