"""The walks over findings of one turn: short ones are read here, long ones go on in a process of their own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from connectors.sources.base import Source
from connectors.sources.exceptions import ReaderEnded
from connectors.sources.records import FindingPage, Scope
from connectors.sync.reader import Reader

log = logging.getLogger(__name__)

LONG = 20_000  # findings from which on a process pays: reading and storing then have a processor each


class Walks:
    """``start`` begins the process; ``whole``: whatever comes will be stored. Whoever has walks closes them."""

    def __init__(self, source: Source, start: Callable[[], Reader], *, whole: bool) -> None:
        self._source, self._start, self._whole = source, start, whole
        self._reader: Reader | None = None
        self._alone = False  # there can't be a reader
        self._read = 0  # findings, without the reader's

    @property
    def requests_made(self) -> int:
        return self._source.requests_made + (self._reader.requests_made if self._reader else 0)

    def expect(self, findings: int) -> None:
        """Let a reader start at once when so many may come: by the first page it is ready."""
        if findings >= LONG:
            self._has_reader(wanted=True)

    def finding_pages(self, scope: Scope, since: datetime | None, cursor: str | None) -> Iterator[FindingPage]:
        """As ``Source.finding_pages``. The reader takes over between two pages, as soon as it is ready."""
        if not self._has_reader():
            for page in self._source.finding_pages(scope, since, cursor):
                yield page
                cursor = page.next_cursor
                self._read += len(page.rows)
                if cursor is None:
                    return
                if max(self._read, page.total or 0) >= LONG and self._has_reader(wanted=True):
                    break
        if self._reader is not None:
            yield from self._reader.finding_pages(scope, since, cursor, whole=self._whole)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()

    def _has_reader(self, *, wanted: bool = False) -> bool:
        try:
            if self._reader is None and wanted and not self._alone:
                self._reader = self._start()
            return self._reader is not None and self._reader.is_ready()
        except (OSError, ReaderEnded) as error:
            log.warning("Everything is read by the process that stores: %s", error)
            self._reader, self._alone = None, True
            return False
