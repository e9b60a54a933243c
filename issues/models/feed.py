"""What is loaded of the feeds that severity factors look at, how old it is, and what went wrong last."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone


class Feed(models.Model):
    """A feed without a row, or without ``published_at``, has never been loaded."""

    class Name(models.TextChoices):
        EPSS = "epss", "EPSS scores"
        KEV = "kev", "KEV catalogue"

    # EPSS comes daily, KEV several times a week.
    TOO_OLD = {Name.EPSS: timedelta(days=7), Name.KEV: timedelta(days=30)}

    name = models.CharField(max_length=4, choices=Name, primary_key=True)
    published_at = models.DateTimeField(null=True, blank=True)  # as the feed says
    loaded_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    version = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=500, blank=True)  # file or address, without credentials
    tried_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)  # why the last try failed; empty after a success

    def __str__(self) -> str:
        return self.get_name_display()

    @property
    def is_loaded(self) -> bool:
        return self.published_at is not None

    @property
    def age(self) -> timedelta | None:
        return timezone.now() - self.published_at if self.published_at else None

    @property
    def is_stale(self) -> bool:
        return self.age is not None and self.age > self.TOO_OLD[Feed.Name(self.name)]

    @property
    def warning(self) -> str:
        """A sentence for people; empty when all is well or the feed was never wanted."""
        if self.is_stale:
            days = self.age.days if self.age else 0
            return f"{self.get_name_display()} are {days} days old. {self.problem}".strip()
        return self.problem

    @classmethod
    def all_of_them(cls) -> list[Feed]:
        """Both feeds, in a fixed order, also those never loaded."""
        stored = {feed.name: feed for feed in cls.objects.all()}
        return [stored.get(name) or cls(name=name) for name in cls.Name.values]

    @classmethod
    def is_known(cls, name: str) -> bool:
        return cls.objects.filter(name=name).exclude(published_at=None).exists()

    def note_failure(self, sentence: str, at: datetime) -> None:
        """Keep the data, remember the reason."""
        Feed.objects.update_or_create(name=self.name, defaults={"tried_at": at, "problem": sentence})
