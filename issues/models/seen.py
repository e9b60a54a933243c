"""Which findings a full read met: what is missing at its end is gone at the source."""

from __future__ import annotations

from django.db import models

from connectors.models import RunResource, SyncRun


class SeenFindings(models.Model):
    """The keys met by one batch, packed as 8-byte integers: no row of a finding is written for having been seen."""

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE)
    resource = models.ForeignKey(RunResource, on_delete=models.CASCADE)
    keys = models.BinaryField()

    def __str__(self) -> str:
        return f"{len(self.keys) // 8} findings met by run {self.run_id}"
