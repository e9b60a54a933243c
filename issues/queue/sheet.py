"""Rows on their way into a spreadsheet or a script, one after the other: nothing is held in memory as a whole."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is run by spreadsheets, not shown
Row = Mapping[str, Any]


class _Line:
    """A file for ``csv.writer`` that hands each line back."""

    def write(self, text: str) -> str:
        return text


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """A head, then a line for each row. Lists are joined, and nothing in a cell is a formula."""
    writer = csv.writer(_Line())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([cell(row[column]) for column in columns])


def as_json(rows: Iterable[Row]) -> Iterator[str]:
    """One array, an object on each line."""
    yield "["
    for number, row in enumerate(rows):
        yield f"{',' if number else ''}\n{json.dumps(row, ensure_ascii=False)}"
    yield "\n]\n"


def cell(value: Any) -> Any:
    """A number as it is; a text that spreadsheets would run gets an apostrophe before it."""
    if isinstance(value, list | tuple):
        value = ", ".join(str(each) for each in value)
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return f"'{value}"
    return value
