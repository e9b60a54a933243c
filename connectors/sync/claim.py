"""Who works on a run: a lease taken by one conditional UPDATE, the same on every database.

A worker without the claim returns at once, so a doorbell that rings twice is harmless. Every write
of a run goes through ``Claim.save``, which fails when another worker has taken over since.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from connectors.models import SyncRun
from connectors.sink import Tally


class ClaimLost(Exception):
    """Another worker has the run, or a person asked to cancel it."""


def _lease_end(leases: int = 1) -> Any:
    # The database's clock, so that hosts whose clocks differ agree.
    seconds = leases * settings.RUN_LEASE_SECONDS
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())


class Claim:
    def __init__(self, run_id: int, owner: str) -> None:
        self.run_id, self.owner = run_id, owner

    @classmethod
    def take(cls, run_id: int) -> Claim | None:
        """The claim, or None when another worker holds it or the run is over. Counts the attempt."""
        owner = uuid.uuid4().hex
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        free |= Q(lease_until__gt=_lease_end(2))  # nobody holds one for so long: the clock was set back
        won = (
            SyncRun.objects.unfinished()
            .filter(free, pk=run_id)
            .update(owner=owner, lease_until=_lease_end(), attempts=F("attempts") + 1, next_step_at=None)
        )
        return cls(run_id, owner) if won else None

    def _mine(self) -> Any:
        return SyncRun.objects.unfinished().filter(pk=self.run_id, owner=self.owner)

    def renew(self) -> None:
        """Keep the lease while waiting for the source; ``ClaimLost`` when it is gone."""
        if not self._mine().update(lease_until=_lease_end()):
            raise ClaimLost

    def save(self, tally: Tally | None = None, **values: Any) -> None:
        """Write progress and renew the lease; inside the transaction of the work it belongs to."""
        added = {name: F(name) + value for name, value in (tally or Tally()).counters().items()}
        if not self._mine().update(lease_until=_lease_end(), **added, **values):
            raise ClaimLost

    def progress(self, tally: Tally | None = None, **values: Any) -> None:
        """As ``save``, and a page was stored: the next worker begins its attempts anew."""
        self.save(tally, attempts=0, **values)

    def release(self, **values: Any) -> None:
        """Hand the run back; silent when it is no longer ours."""
        self._mine().update(lease_until=None, owner="", **values)
