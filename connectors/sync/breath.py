"""Pauses of background work, so that people's writes get their turn.

SQLite is not fair: whoever waits for its lock looks again every tenth of a second, and a worker takes it again at once.
So it is left alone for longer than that, as often as a person would like to wait at most.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection

PAUSE, EVERY = 0.11, 1.0  # seconds
FAIR = 0.005  # where the database lets everybody in, in order


class Breath:
    """``renew`` keeps a lease on the work, where there is one; it is called now and then."""

    def __init__(self, renew: Callable[[], None] = lambda: None) -> None:
        self._renew, self._taken = renew, time.monotonic()

    def take(self) -> None:
        """Between two transactions."""
        if time.monotonic() - self._taken < EVERY:
            return
        self._renew()
        time.sleep(PAUSE if connection.vendor == "sqlite" else FAIR)
        self._taken = time.monotonic()
