"""What the bench prints: ratios to the floor of the same size, and growth beside the smallest."""

from __future__ import annotations

from dataclasses import replace

from issues.bench.installation import Import, Peak
from issues.bench.report import report
from issues.bench.scenario import Measured


def of_size(findings: int, seconds: float, own: float, reader: float = 0) -> Measured:
    new = Import({"seconds": seconds, "read": findings, "requests": findings // 100 + 4}, Peak(own, reader), None)
    again = replace(new, said={**new.said, "seconds": seconds / 4}, rewritten=0)
    return Measured(findings, seconds / 8, seconds / 8, new, again, again, again, findings / 1000, None)


def cells(text: str, start: str) -> list[list[str]]:
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith(f"| {start} |")]


def test_each_import_stands_beside_its_own_floor():
    text = report([of_size(1_000, 2.0, 100)], "SQLite")
    ((_, findings, rows, times, *_), *_) = cells(text, "new")
    assert (findings, rows, times) == ("1,000", "500", "4.00")
    ((_, findings, rows, times, rewritten, *_), *_) = cells(text, "unchanged")
    assert (findings, rows, times, rewritten) == ("1,000", "2,000", "2.00", "0")
    assert "Growth" not in text, "there is nothing to compare with"


def test_growth_is_told_beside_the_smallest_size():
    text = report([of_size(1_000, 2.0, 100), of_size(100_000, 100.0, 110, reader=50)], "SQLite")
    *_, growth = cells(text, "new")
    assert growth == ["new", "x 100", "0.50", "1.10", "72", "100.0"]
    assert len(cells(text, "a day later")) == 3  # two sizes and their growth
