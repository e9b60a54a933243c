"""What an issue is for the filters that need no look at the issue itself: its *dimensions*."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

COLUMNS = ("connection_id", "application_id", "state", "severity", "vendor_severity")
Wanted = Mapping[str, Collection[Any]]  # by dimension, the values that pass; one without a filter is missing


class Cell(NamedTuple):
    """So many issues with the same dimensions."""

    connection: int
    application: int
    state: str
    severity: int
    vendor_severity: int
    issues: int = 1

    @property
    def change(self) -> str:
        if self.severity == self.vendor_severity:
            return "same"
        return "raised" if self.severity > self.vendor_severity else "lowered"


# What a cell says for each filter: a source tool is wanted as its connections; tags and priorities as applications.
READ: dict[str, Callable[[Cell], Any]] = {
    "source_tool": lambda cell: cell.connection,
    "connection": lambda cell: cell.connection,
    "severity": lambda cell: cell.severity,
    "vendor_severity": lambda cell: cell.vendor_severity,
    "change": lambda cell: cell.change,
    "application": lambda cell: cell.application,
    "application_tag": lambda cell: cell.application,
    "business_priority": lambda cell: cell.application,
    "state": lambda cell: cell.state,
}


def failing(cell: Cell, wanted: Wanted) -> list[str]:
    """The filters that keep the cell out."""
    return [name for name, values in wanted.items() if READ[name](cell) not in values]


def without(wanted: Wanted, *names: str) -> Wanted:
    return {name: values for name, values in wanted.items() if name not in names}
