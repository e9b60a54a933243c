"""Rows written by the fastest plain way of each database: long statements on SQLite, ``COPY`` on PostgreSQL.

Django's own ``bulk_create`` builds an object and a long statement for each row and is four times slower.
Values are given in the order of ``columns``; datetimes are aware and in UTC.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

import orjson
from django.db import connection, models

CHUNK = 900  # parameters in one IN (…): Django's limit on SQLite is 999
PARAMETERS = 30_000  # in one INSERT: SQLite's limit is 32,766
Row = tuple[Any, ...]


def chunks(values: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The values in lists of at most ``size``."""
    items = list(values)
    for start in range(0, len(items), size):
        yield items[start : start + size]


def new_keys(model: type[models.Model], count: int) -> Sequence[int]:
    """Primary keys for rows about to be inserted, so that nobody has to ask for them afterwards.

    On SQLite this holds because the transaction already has the only write lock.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = next(iter(cursor.fetchall()), (0,))[0]
    return range(last + 1, last + 1 + count)


def of_connection(
    model: type[models.Model], columns: Sequence[str], connection_id: int, field: str, values: Iterable[str]
) -> list[Row]:
    """The columns of a connection's rows whose ``field`` is one of the values, as the database stores them.

    One statement however many values there are; the ORM would compile and convert for longer than the query takes.
    """
    table, names = model._meta.db_table, ", ".join(f'"{_column(model, c)}"' for c in columns)
    wanted = list(values)
    where = f'"{table}" WHERE connection_id = %s AND "{_column(model, field)}"'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT {names} FROM {where} = ANY(%s)", [connection_id, wanted])  # noqa: S608
            return list(cursor.fetchall())
        # One row of JSON: for every row that it steps to, sqlite3 lets another thread have the interpreter.
        cursor.execute(
            f"SELECT json_group_array(json_array({names})) FROM {where} IN (SELECT value FROM json_each(%s))",  # noqa: S608
            [connection_id, orjson.dumps(wanted).decode()],
        )
        return [tuple(row) for row in orjson.loads(cursor.fetchone()[0])]


def from_database(date: datetime | str | None) -> datetime | None:
    """A date as ``of_connection`` gives it: on SQLite dates are naive text in UTC."""
    return datetime.fromisoformat(date).replace(tzinfo=UTC) if isinstance(date, str) else date


def keys_of(rows: models.QuerySet[Any]) -> array[int]:
    """The primary keys of a queryset, packed: eight bytes each, however many there are."""
    sql, parameters = rows.order_by().values("pk").query.sql_with_params()
    keys = array("q")
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while some := cursor.fetchmany(10_000):
            keys.extend(key for (key,) in some)
    return keys


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Add rows that are known to be new; a row that exists already is an ``IntegrityError``."""
    if not rows:
        return
    table, names = model._meta.db_table, ", ".join(f'"{_column(model, c)}"' for c in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Django wraps the errors of its own methods only.
            with connection.wrap_database_errors, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            _insert_long(f'INSERT INTO "{table}" ({names}) VALUES ', rows, _dates(model, columns))  # noqa: S608


def _insert_long(start: str, rows: Sequence[Row], dates: Sequence[int]) -> None:
    """As many rows in a statement as it takes: after each one another thread may keep the interpreter for milliseconds.

    Past Django's cursor, which would look for its own placeholders among thousands.
    """
    width = len(rows[0])
    with connection.wrap_database_errors:
        for some in chunks(rows, PARAMETERS // width):
            values = list(chain.from_iterable(some))
            for n in dates:
                values[n::width] = map(_plain_date, values[n::width])
            marks = f"({', '.join('?' * width)})"
            connection.connection.execute(start + ", ".join([marks] * len(some)), values)


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Write the columns of existing rows; the last value of each row is its primary key."""
    if not rows:
        return
    values = ", ".join(f'"{_column(model, c)}" = %s' for c in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{model._meta.db_table}" SET {values} WHERE id = %s', _plain(model, columns, rows))  # noqa: S608


def _column(model: type[models.Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "column"))  # noqa: B009 - reverse relations have none


def _plain(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> Any:
    """As Django stores them: on SQLite dates are naive text in UTC."""
    if connection.vendor == "postgresql":
        return rows
    dates = _dates(model, columns)
    return (_with_plain_dates(row, dates) for row in rows)


def _dates(model: type[models.Model], columns: Sequence[str]) -> list[int]:
    return [n for n, name in enumerate(columns) if isinstance(model._meta.get_field(name), models.DateTimeField)]


def _with_plain_dates(row: Row, dates: Sequence[int]) -> list[Any]:
    values = list(row)
    for n in dates:
        values[n] = _plain_date(values[n])
    return values


@lru_cache(maxsize=4096)  # one scan dates all that it found
def _plain_date(date: datetime | None) -> str | None:
    return str(date)[:-6] if date else None  # without "+00:00"


def analyse(*models_: type[models.Model]) -> None:
    """Refresh what SQLite's planner knows of the tables; a sample is enough. PostgreSQL does so by itself."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit = 1000")
        for model in models_:
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
