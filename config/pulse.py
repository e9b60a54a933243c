"""The supervisor's finger on the workers: asks now and then, and tells when nobody has answered for too long."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import close_old_connections

from config import heartbeat

EVERY = 10.0  # seconds between two questions
PATIENCE = 30.0  # seconds that idle workers may take to answer

log = logging.getLogger(__name__)


class WorkersPulse:
    """A ``Pulse``. Workers that have a task in hand, or took one lately, are not deaf: the question waits its turn."""

    def __init__(self, every: float = EVERY, patience: float = PATIENCE) -> None:
        self.every, self.patience = every, patience
        self.next = 0.0

    def restart(self) -> None:
        self.next = 0.0
        self._safely(heartbeat.forget)

    def beats(self) -> bool:
        if time.monotonic() < self.next:
            return True
        self.next = time.monotonic() + self.every
        return self._safely(self._ask_or_wait) is not False

    def _ask_or_wait(self) -> bool:
        waiting = heartbeat.silence()
        if not waiting:  # never asked, or answered
            heartbeat.ask()
            return True
        return waiting < self.patience or heartbeat.busy(within=self.patience)

    def _safely(self, step: Callable[[], bool | None]) -> bool | None:
        """A database or Redis that is away for a while says nothing about the workers."""
        try:
            return step()
        except Exception:
            close_old_connections()  # a broken one would be used for ever
            log.warning("The workers can't be asked whether they are there", exc_info=True)
            return None
