"""Rows read past the ORM: it would compile and convert for longer than the query takes."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import orjson
from django.db import connection, models

from issues.ingest.bulk import ANY, Row, adapted, column_of

Shape = TypeVar("Shape", bound=NamedTuple)


def read(shape: type[Shape], sql: str, *values: Any) -> list[Shape]:
    """``sql`` names its columns after the fields of ``shape``; lists among the values go with ``ANY``.

    What comes out is as the database stores it: on SQLite dates are naive text in UTC, booleans are 0 and 1, and
    floats have no more than 15 digits.
    """
    return list(map(shape._make, _rows(shape._fields, sql, values)))


def having(model: type[models.Model], columns: Sequence[str], field: str, values: Iterable[str]) -> list[Row]:
    """The columns of the rows whose ``field`` is one of the values, as ``read`` gives them."""
    names = [column_of(model, name) for name in columns]
    return _rows(names, f'{_select(model, names)} WHERE "{column_of(model, field)}" {ANY}', [list(values)])


def of_connection(
    model: type[models.Model], columns: Sequence[str], connection_id: int, field: str, values: Iterable[str]
) -> list[Row]:
    """As ``having``, of the rows of one connection."""
    names = [column_of(model, name) for name in columns]
    where = f'connection_id = %s AND "{column_of(model, field)}" {ANY}'
    return _rows(names, f"{_select(model, names)} WHERE {where}", [connection_id, list(values)])


def between(
    model: type[models.Model], columns: Sequence[str], connection_id: int, field: str, ends: tuple[str, str], most: int
) -> list[Row]:
    """As ``of_connection``, of those whose ``field`` lies between the ends, both included, but no more than ``most``.

    Rows that lie together in the index of the field are read in a third of the time that looking up each takes.
    """
    names = [column_of(model, name) for name in columns]
    where = f'connection_id = %s AND "{column_of(model, field)}" BETWEEN %s AND %s LIMIT %s'
    return _rows(names, f"{_select(model, names)} WHERE {where}", [connection_id, *ends, most])


@lru_cache(maxsize=4096)  # the same few stand in many rows
def moment(date: Any) -> Any:
    """A date as the database stores it, as a datetime; None stays None."""
    at = datetime.fromisoformat(date) if isinstance(date, str) else date
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


def keys_of(rows: models.QuerySet[Any]) -> array[int]:
    """The primary keys of a queryset, packed: eight bytes each, however many there are."""
    # Left to itself, PostgreSQL's client keeps the whole answer: forty bytes for each.
    return array("q", rows.order_by().values_list("pk", flat=True).iterator(10_000))


def _select(model: type[models.Model], names: Iterable[str]) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    return f'SELECT {listed} FROM "{model._meta.db_table}"'  # noqa: S608


def _rows(names: Sequence[str], sql: str, values: Sequence[Any]) -> list[Row]:
    found = ", ".join(f'found."{name}"' for name in names)
    asked, given = adapted(sql, values)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"WITH found AS ({asked}) SELECT {found} FROM found", given)  # noqa: S608
            return list(cursor.fetchall())
        # One row of JSON: for every row that it steps to, sqlite3 lets another thread have the interpreter.
        cursor.execute(
            f"WITH found AS ({asked}) SELECT json_group_array(json_array({found})) FROM found",  # noqa: S608
            given,
        )
        return [tuple(row) for row in orjson.loads(cursor.fetchone()[0])]
