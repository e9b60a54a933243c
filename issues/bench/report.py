"""What imports of growing size took, as tables."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from issues.bench.installation import Import
from issues.bench.scenario import Measured
from issues.bench.table import ratio, table

IMPORTS = ("Import", "Findings", "Rows/s", "x floor", "Rewritten", "Peak MB", "and its reader", "Requests",
           "Database MB")  # fmt: skip
WAITS = ("Longest wait beside a first import", "Findings", "Reader ms", "Writer ms")
GROWTH = ("Growth", "Findings", "Seconds a row", "Peak MB", "Requests", "Database MB")


def report(results: Sequence[Measured], engine: str) -> str:
    """Of sizes in growing order."""
    parts = [
        f"{engine}, {os.cpu_count()} cores",
        table(IMPORTS, [row for r in results for row in _imports(r)]),
        table(WAITS, rows) if (rows := _waits(results)) else "",
        table(GROWTH, rows) if (rows := list(_growth(results))) else "",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _imports(r: Measured) -> Iterator[tuple[str, ...]]:
    n = f"{r.findings:,}"
    yield "floor: fetch and parse", n, f"{r.findings / r.read:,.0f}", "1.00", *[""] * 5
    yield "floor: the same, and a bare table", n, f"{r.findings / r.floor:,.0f}", "1.00", *[""] * 5
    for name, i, base in (
        ("new", r.first, r.floor),
        ("unchanged", r.again, r.read),
        ("a day later", r.day_later, r.read),
    ):
        size = f"{r.size_mb:.0f}" if i is r.first else ""
        rows = f"{i.said['read'] / i.seconds:,.0f}"
        yield name, n, rows, ratio(i.seconds, base), _count(i.rewritten), *_memory(i), str(i.said["requests"]), size
    yield "delta, unchanged", n, "", "", _count(r.delta.rewritten), *_memory(r.delta), str(r.delta.said["requests"]), ""


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _memory(i: Import) -> tuple[str, str]:
    return f"{i.peak.own:.0f}", f"{i.peak.reader:.0f}" if i.peak.reader else ""


def _waits(results: Sequence[Measured]) -> list[tuple[str, ...]]:
    return [("SQLite", f"{r.findings:,}", f"{r.waits.read:.0f}", f"{r.waits.write:.0f}") for r in results if r.waits]


def _growth(results: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    """How many times as much each size takes as the smallest."""
    for r in results[1:]:
        small = results[0]
        size = f"{r.size_mb / small.size_mb:.1f}"
        yield "new", *_grown(r, small, r.first, small.first), size
        yield "unchanged", *_grown(r, small, r.again, small.again), ""
        yield "a day later", *_grown(r, small, r.day_later, small.day_later), ""


def _grown(large: Measured, small: Measured, i: Import, before: Import) -> tuple[str, ...]:
    return (
        f"x {large.findings / small.findings:,.0f}",
        f"{i.seconds / large.findings / (before.seconds / small.findings):.2f}",
        f"{i.peak.own / before.peak.own:.2f}",
        f"{i.said['requests'] / before.said['requests']:.0f}",
    )
