"""One resource as one run reads it: how far it is, and whether it was read to the end."""

from __future__ import annotations

from django.db import models

from connectors.models.sync_run import SyncRun
from connectors.sources.records import Scope, ScopeKind


class RunResource(models.Model):
    """Only a ``COMPLETE`` resource of a full read may resolve findings."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        READING = "reading", "Reading"
        COMPLETE = "complete", "Read completely"
        INCOMPLETE = "incomplete", "Not read to the end"
        HELD = "held", "Held for a person"

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="resources")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=7, choices=[(k.value, k.value) for k in ScopeKind])
    external_id = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    cursor = models.TextField(blank=True)
    read = models.PositiveIntegerField(default=0)
    unnamed = models.PositiveIntegerField(default=0)  # rows so broken that nobody knows which finding they are
    total = models.PositiveIntegerField(null=True, blank=True)  # rows announced by the source
    missing = models.PositiveIntegerField(null=True, blank=True)  # active before, not in this read
    restarts = models.PositiveSmallIntegerField(default=0)  # walks begun again because a cursor ran out
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("run", "position")
        constraints = (models.UniqueConstraint(fields=("run", "position"), name="run_resource_position"),)

    def __str__(self) -> str:
        return self.name

    @property
    def was_walked(self) -> bool:
        """The last page is stored, since a page that is not the last leaves a cursor."""
        return self.state == self.State.READING and self.read > 0 and not self.cursor

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def scope(self) -> Scope:
        return Scope(ScopeKind(self.kind), self.external_id)
