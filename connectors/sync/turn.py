"""One worker's turn at a run: what it works with and how long it may take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F

from connectors.models import SyncRun
from connectors.sink import Sink, Tally
from connectors.sources.base import Source
from connectors.sync.breath import Breath
from connectors.sync.claim import Claim
from connectors.sync.walks import Walks


class Cancelled(Exception):
    """A person asked the run to stop."""


@dataclass
class Turn:
    run: SyncRun
    claim: Claim
    source: Source
    walks: Walks
    sink: Sink
    seconds: float
    begun: float = field(default_factory=time.monotonic)
    breath: Breath = field(default_factory=Breath)  # each piece of work that is stored renews the lease
    requests_saved: int = 0
    wrote: bool = False  # something of the tenant was stored or closed
    has_shown: bool = False  # people see some of the issues that it made

    @property
    def is_over(self) -> bool:
        return self.has_taken(self.seconds)

    def has_taken(self, seconds: float) -> bool:
        return time.monotonic() - self.begun >= seconds

    @contextmanager
    def stored(self, **values: Any) -> Iterator[Tally]:
        """One transaction for a piece of work and the progress it makes.

        Fill the tally inside the block. The run's cursor or state (``values``) is saved with it, or not at all.
        """
        with transaction.atomic():
            tally = Tally()
            yield tally
            self.wrote = self.wrote or any(name not in ("read", "unchanged") for name in tally.counters())
            self.claim.progress(tally, requests=self._requests(), **values)
        self.breath.take()

    def _requests(self) -> Any:
        new = self.walks.requests_made - self.requests_saved
        self.requests_saved += new
        return F("requests") + new

    def check_cancelled(self) -> None:
        if SyncRun.objects.filter(pk=self.run.pk, cancel_requested=True).exists():
            raise Cancelled
