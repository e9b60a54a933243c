"""The ways the queue sorts, written down: each is an index of ``Issue``, walked from one end or the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

# Each ends in the primary key, so that no two rows are equal. All columns of one sort go the same way.
COLUMNS: dict[str, tuple[str, ...]] = {
    "severity": ("severity", "score", "id"),
    "score": ("score", "id"),
    "vendor_severity": ("vendor_severity", "id"),
    "first_seen": ("first_seen", "id"),
    "last_seen": ("last_seen", "id"),
    "endpoints": ("endpoints", "id"),
    "title": ("title", "id"),
    "application": ("application__name", "id"),  # the only one without an index of its own: it joins a small table
}
LABELS: dict[str, str] = {
    "severity": "Severity",
    "score": "Score",
    "vendor_severity": "Vendor severity",
    "first_seen": "First seen",
    "last_seen": "Last seen",
    "endpoints": "Endpoints",
    "title": "Title",
    "application": "Application",
}
RISING = ("title", "application")  # what people read from A to Z


@dataclass(frozen=True, slots=True)
class Sort:
    """One way through a table. ``columns`` are NOT NULL and end in a unique one."""

    name: str
    columns: tuple[str, ...]
    descending: bool = False

    def __str__(self) -> str:
        return f"-{self.name}" if self.descending else self.name

    def order(self, *, backwards: bool = False) -> list[str]:
        """As ``order_by`` takes it."""
        sign = "-" if self.descending != backwards else ""
        return [sign + column for column in self.columns]

    @classmethod
    def of(cls, text: str, columns: dict[str, tuple[str, ...]] = COLUMNS) -> Self:
        """``-score`` sorts by score, highest first. ``KeyError`` for what is not in the list."""
        name = text.removeprefix("-")
        return cls(name, columns[name], descending=text.startswith("-"))


DEFAULT = Sort.of("-severity")


def first_click(name: str) -> Sort:
    """How a column sorts when it is asked for the first time: the worst, the newest or A first."""
    return Sort(name, COLUMNS[name], descending=name not in RISING)
