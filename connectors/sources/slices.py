"""Long work of one thread that leaves the interpreter to the others first."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

SLICE = 25  # items: some tenths of a millisecond
NAP = 0.00005  # seconds; with none at all the same thread would have the interpreter again


def in_slices(items: Sequence[T]) -> Iterator[T]:
    """The same items. Pages are read while others are stored, and storing is what an import waits for.

    So the reader gives way after every slice, and does most of its work while the database is busy.
    """
    for start in range(0, len(items), SLICE):
        yield from items[start : start + SLICE]
        time.sleep(NAP)
