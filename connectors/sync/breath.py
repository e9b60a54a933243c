"""Pauses of background work, so that people's writes get their turn."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection

from config.write_queue import step_back

RENEW = 1.0  # seconds between two renewals of a lease


class Breath:
    """``renew`` keeps a lease on the work, where there is one; it is called now and then."""

    def __init__(self, renew: Callable[[], None] = lambda: None) -> None:
        self._renew, self._renewed = renew, time.monotonic()

    def take(self) -> None:
        """Between two transactions."""
        step_back(connection)
        if time.monotonic() - self._renewed >= RENEW:
            self._renew()
            self._renewed = time.monotonic()
