"""Fetch the next pages while the last ones are being stored."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from connectors.sync.batches import ROWS

T = TypeVar("T")

AHEAD = ROWS // 1_000  # pages kept ready, about a batch: memory stays flat however large the tenant
PATIENCE = 10.0  # seconds between two signs of life while the source is slow


class _End:
    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Prefetcher(Generic[T]):
    def __init__(self, pages: Iterator[T]) -> None:
        self._pages = pages
        self._ready: queue.Queue[T | _End] = queue.Queue(AHEAD)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._fetch, name="prefetch", daemon=True)
        self._thread.start()

    def _fetch(self) -> None:
        end = _End()
        try:
            for page in self._pages:
                if not self._put(page):
                    return
        except BaseException as error:
            end = _End(error)
        self._put(end)

    def _put(self, item: T | _End) -> bool:
        while not self._stopped.is_set():
            try:
                self._ready.put(item, timeout=0.2)
                return True
            except queue.Full:
                continue
        return False

    def pages(self, waiting: Callable[[], None]) -> Iterator[T]:
        while True:
            try:
                item = self._ready.get(timeout=PATIENCE)
            except queue.Empty:
                waiting()
                continue
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item

    def stop(self) -> None:
        self._stopped.set()


@contextmanager
def prefetched(pages: Iterator[T], waiting: Callable[[], None]) -> Iterator[Iterator[T]]:
    """The same pages, fetched ahead by one thread; ``waiting`` is called every ten seconds without one."""
    prefetcher = _Prefetcher(pages)
    try:
        yield prefetcher.pages(waiting)
    finally:
        prefetcher.stop()
