"""An end to an exchange as a whole: a read time-out begins anew with every byte that drips in."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.sources.wire import GuardedAdapter

LONGEST_NAP = 1.0


class Deadline:
    """Watches one adapter from one thread, since a timer for every request costs a millisecond of each page."""

    def __init__(self, adapter: GuardedAdapter) -> None:
        self.passed = False
        self.closed = False
        self._adapter = adapter
        self._until: float | None = None
        self._nap = LONGEST_NAP
        self._thread: threading.Thread | None = None

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Cut what is going on when it lasts longer; ``passed`` tells so afterwards."""
        self.passed, self.closed = False, False
        self._nap = min(LONGEST_NAP, seconds / 5)
        self._until = time.monotonic() + seconds
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=_watch, args=(weakref.ref(self),), name="deadline", daemon=True)
            self._thread.start()
        try:
            yield
        finally:
            self._until = None

    def look(self) -> float:
        """Cut if it is time; seconds until the next look."""
        if self._until is not None and time.monotonic() > self._until:
            self.passed = True
            self._adapter.cut()
        return self._nap


def _watch(reference: weakref.ref[Deadline]) -> None:
    """Ends with the session, also with one that nobody closed."""
    while (deadline := reference()) is not None and not deadline.closed:
        nap = deadline.look()
        del deadline
        time.sleep(nap)
