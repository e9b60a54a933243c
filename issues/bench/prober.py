"""How long others wait while an import writes: a reader and a writer beside it."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from types import TracebackType

from config.write_queue import sign_of, waiting

PAUSE = 0.02  # seconds between two tries
QUEUE_PAGE = (
    "SELECT id, title, score FROM issues_issue WHERE state = 'active'"
    " ORDER BY severity DESC, score DESC, id DESC LIMIT 50"
)


class Prober:
    """``with Prober(file) as waits``: afterwards ``waits.write`` and ``waits.read`` are the longest, in ms."""

    def __init__(self, file: Path) -> None:
        self._file, self._stop = file, threading.Event()
        self.read = self.write = 0.0
        self._thread = threading.Thread(target=self._probe, daemon=True)

    def _probe(self) -> None:
        database = sqlite3.connect(self._file, timeout=20, isolation_level=None)
        while not self._stop.wait(PAUSE):
            self.read = max(self.read, self._timed(database, QUEUE_PAGE))
            with waiting(sign_of(self._file)):  # as every connection of the product does
                self.write = max(self.write, self._timed(database, "BEGIN IMMEDIATE"))
            database.execute("ROLLBACK")
        database.close()

    @staticmethod
    def _timed(database: sqlite3.Connection, sql: str) -> float:
        begun = time.perf_counter()
        database.execute(sql).fetchall()
        return (time.perf_counter() - begun) * 1000

    def __enter__(self) -> Prober:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(30)
