"""One import of one connection: the truth about it. The task queue is only its doorbell."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from connectors.models.connection import Connection

LONGEST_PAUSE = timedelta(hours=1)  # between two tries, whatever the source asks for


class SyncRunQuerySet(models.QuerySet["SyncRun"]):
    def live(self) -> SyncRunQuerySet:
        """Of connections that nobody has deleted."""
        return self.filter(connection__deleted_at=None)

    def unfinished(self) -> SyncRunQuerySet:
        return self.filter(state__in=SyncRun.UNFINISHED)

    def finished(self) -> SyncRunQuerySet:
        return self.exclude(state__in=SyncRun.UNFINISHED)

    def unattended(self, now: datetime) -> SyncRunQuerySet:
        """Unfinished runs that nobody works on although they could go on: queued, or their worker died."""
        lease = timedelta(seconds=settings.RUN_LEASE_SECONDS)
        free = models.Q(lease_until=None) | models.Q(lease_until__lt=now) | models.Q(lease_until__gt=now + 2 * lease)
        due = models.Q(next_step_at=None) | models.Q(next_step_at__lte=now)
        due |= models.Q(next_step_at__gt=now + 2 * LONGEST_PAUSE)  # the clock was set back
        return self.unfinished().filter(free & due)


class SyncRun(models.Model):
    class Mode(models.TextChoices):
        FULL = "full", "Full read"
        DELTA = "delta", "Changes only"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to start"
        RUNNING = "running", "Importing"
        SUCCEEDED = "succeeded", "Succeeded"
        PARTIAL = "partial", "Partly read"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    class Phase(models.TextChoices):
        RESOURCES = "resources", "Reading accounts, sites and groups"
        ENDPOINTS = "endpoints", "Reading endpoints"
        FINDINGS = "findings", "Reading findings"
        SETTLE = "settle", "Settling issues"

    UNFINISHED = (State.QUEUED, State.RUNNING)

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="runs")
    mode = models.CharField(max_length=5, choices=Mode)
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    phase = models.CharField(max_length=9, choices=Phase, default=Phase.RESOURCES)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    since = models.DateTimeField(null=True, blank=True)  # a delta reads what changed from then on
    endpoint_cursor = models.TextField(blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    # Who works on it. A lease past its time may be taken over: its owner died.
    owner = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # claims since the last committed page
    next_step_at = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)

    # A held read waits for a person: confirmed by a new run that may resolve as much, or dismissed.
    confirms = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="confirmed_by")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    endpoints_read = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    resolved = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    issues_created = models.PositiveIntegerField(default=0)
    issues_changed = models.PositiveIntegerField(default=0)
    issues_resolved = models.PositiveIntegerField(default=0)
    issues_reopened = models.PositiveIntegerField(default=0)
    issues_removed = models.PositiveIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)

    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)
    warnings = models.JSONField(default=list, blank=True)  # sentences
    broken_rows = models.JSONField(default=list, blank=True)  # the first few: [{"reason": …, "sample": …}]

    objects = SyncRunQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("connection",),
                condition=models.Q(state__in=("queued", "running")),
                name="one_unfinished_run_per_connection",
            ),
        )
        indexes = (models.Index(fields=("state", "next_step_at"), name="run_state"),)

    def __str__(self) -> str:
        return f"Import {self.pk} of {self.connection}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    @property
    def awaits_answer(self) -> bool:
        """Held, not answered yet, and no later import has made the question pointless."""
        if self.is_unfinished or self.answered_at or not any(r.is_held for r in self.resources.all()):
            return False
        later = SyncRun.objects.filter(connection=self.connection_id, pk__gt=self.pk, mode=self.Mode.FULL)
        return not later.exclude(state__in=(self.State.FAILED, self.State.CANCELLED)).exists()

    @property
    def duration(self) -> timedelta | None:
        """From the first step to the end, or until now while it runs."""
        return (self.finished_at or timezone.now()) - self.started_at if self.started_at else None

    @property
    def seconds(self) -> float | None:
        return round(self.duration.total_seconds(), 2) if self.duration is not None else None

    @property
    def expected(self) -> int | None:
        """Rows the source announced for the resources begun so far; None before the first answer."""
        totals = [r.total for r in self.resources.all()]
        return sum(t for t in totals if t is not None) if totals and None not in totals else None

    @property
    def read_before(self) -> int:
        """Rows that the last whole read of the connection brought; 0 when there was none."""
        whole = SyncRun.objects.filter(connection=self.connection_id, mode=self.Mode.FULL, state=self.State.SUCCEEDED)
        return whole.order_by("-pk").values_list("read", flat=True).first() or 0

    @property
    def percent(self) -> int | None:
        """How far the reading is, 0 to 100; None while the total is not known."""
        if self.expected is None:
            return None
        return min(100, round(100 * self.read / self.expected)) if self.expected else 100
