"""Pages gathered into batches: one transaction for several pages while the source is fast."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from connectors.sources.exceptions import SourceError
from connectors.sources.records import BrokenRow, FindingPage, FindingRecord

# A bigger transaction stores faster, but holds SQLite's only write lock for longer.
ROWS = 3_000 if connection.vendor == "sqlite" else 10_000
SECONDS = 1.0  # a slow source: store what there is, so that people see it


@dataclass(slots=True)
class Batch:
    rows: list[FindingRecord]
    broken: list[BrokenRow]
    next_cursor: str | None
    total: int | None


def batched(pages: Iterator[FindingPage]) -> Iterator[Batch]:
    """Every row once, in order; a batch ends where its cursor points. What came before an error is not lost."""
    batch: Batch | None = None
    error: SourceError | None = None
    begun = time.monotonic()
    while (page := _next(pages)) is not None:
        if isinstance(page, SourceError):
            error = page
            break
        if batch is None:
            batch, begun = Batch([], [], None, page.total), time.monotonic()
        batch.rows += page.rows
        batch.broken += page.broken
        batch.next_cursor = page.next_cursor
        if len(batch.rows) >= ROWS or time.monotonic() - begun >= SECONDS:
            yield batch
            batch = None
    if batch is not None:
        yield batch
    if error is not None:
        raise error


def _next(pages: Iterator[FindingPage]) -> FindingPage | SourceError | None:
    try:
        return next(pages, None)
    except SourceError as error:
        return error
