"""Rows written by the fastest plain way of each database: long statements on SQLite, ``COPY`` and JSON on PostgreSQL.

Django's own ``bulk_create`` builds an object and a long statement for each row and is four times slower.
Values are given in the order of ``columns``; datetimes are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

import orjson
from django.db import connection, models, transaction

CHUNK = 900  # parameters in one IN (…): Django's limit on SQLite is 999
PARAMETERS = 30_000  # in one statement that writes: SQLite's limit is 32,766
AT_ONCE = 5_000  # rows of JSON in one statement of PostgreSQL: their JSON takes a few megabytes
ANY = "= ANY(%s)"  # one of a list; the statement is the same however long that is
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
            # One row, and the name looked up once: a tenth of what a row for each key takes.
            cursor.execute(
                "SELECT array_agg(nextval(sequence)) FROM generate_series(1, %s),"
                " (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence OFFSET 0) named",
                [count, table],
            )
            return cursor.fetchone()[0] or ()
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = next(iter(cursor.fetchall()), (0,))[0]
    return range(last + 1, last + 1 + count)


def insert(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Row], *, ignore_conflicts: bool = False
) -> None:
    """Add rows that are known to be new; a row that exists already is an ``IntegrityError``, or passed over."""
    if not rows:
        return
    table, names = f'"{model._meta.db_table}"', ", ".join(f'"{column_of(model, c)}"' for c in columns)
    end = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            _write_long(f"INSERT INTO {table} ({names}) VALUES ", rows, _dates(model, columns), end)  # noqa: S608
        elif ignore_conflicts:
            new, values = _new(model, columns)
            for given in _json(model, columns, rows):
                cursor.execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {new}{end}", [given])  # noqa: S608
        else:
            types = _types(model, columns)
            is_binary = "jsonb" not in types  # of which a binary copy takes objects, not text; else twice as fast
            form = "BINARY" if is_binary else "TEXT"
            # Django wraps the errors of its own methods only.
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT {form})") as copy,
            ):
                if is_binary:
                    copy.set_types(types)
                for row in rows:
                    copy.write_row(row)


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Write the columns of existing rows; the last value of each row is its primary key, which no other row has."""
    if not rows:
        return
    table, names = f'"{model._meta.db_table}"', [column_of(model, c) for c in columns]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            new, values = _new(model, (*columns, "id"))
            what = ", ".join(f'"{name}" = {value}' for name, value in zip(names, values[:-1], strict=True))
            for given in _json(model, (*columns, "id"), rows):
                cursor.execute(f"UPDATE {table} SET {what} FROM {new} WHERE {table}.id = new.id", [given])  # noqa: S608
        else:
            what = ", ".join(f'"{name}" = new.column{n}' for n, name in enumerate(names, 1))
            end = f") AS new WHERE {table}.id = new.column{len(names) + 1}"
            _write_long(f"UPDATE {table} SET {what} FROM (VALUES ", rows, _dates(model, columns), end)  # noqa: S608


def execute(sql: str, *values: Any) -> int:
    """How many rows a statement changed, which is one of both databases; lists among the values go with ``ANY``."""
    with connection.cursor() as cursor:
        cursor.execute(*adapted(sql, values))
        return int(cursor.rowcount)


def adapted(sql: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """Statement and values as this database takes them."""
    if connection.vendor == "postgresql":
        return sql, list(values)
    return sql.replace(ANY, "IN (SELECT value FROM json_each(%s))"), [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return orjson.dumps(value).decode()
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _new(model: type[models.Model], columns: Sequence[str]) -> tuple[str, list[str]]:
    """What PostgreSQL reads rows of ``_json`` from, as a table called ``new``, and how each of its columns is taken."""
    types = dict(zip((column_of(model, c) for c in columns), _types(model, columns), strict=True))
    given = ", ".join(f'"{name}" {"text" if kind == "jsonb" else kind}' for name, kind in types.items())
    return f"json_to_recordset(%s) AS new ({given})", [f'new."{name}"::{kind}' for name, kind in types.items()]


def _types(model: type[models.Model], columns: Sequence[str]) -> list[str]:
    """PostgreSQL's names of the columns' types, without length."""
    return [str(model._meta.get_field(c).db_type(connection)).partition("(")[0] for c in columns]


def _json(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    names = [column_of(model, c) for c in columns]
    for some in chunks(rows, AT_ONCE):
        yield orjson.dumps([dict(zip(names, row, strict=True)) for row in some]).decode()


def _write_long(start: str, rows: Sequence[Row], dates: Sequence[int], end: str = "") -> None:
    """As many rows in a statement as it takes: after each one another thread may keep the interpreter for milliseconds.

    Past Django's cursor, which would look for its own placeholders among thousands.
    """
    width = len(rows[0])
    with connection.wrap_database_errors:
        for some in _pieces(rows, PARAMETERS // width):
            values = list(chain.from_iterable(some))
            for n in dates:
                values[n::width] = map(_plain_date, values[n::width])
            marks = f"({', '.join('?' * width)})"
            connection.connection.execute(start + ", ".join([marks] * len(some)) + end, values)


def _pieces(rows: Sequence[Row], most: int) -> Iterator[Sequence[Row]]:
    """The rows in pieces of few different lengths: sqlite3 keeps the last 128 statements, some megabytes each."""
    start = 0
    while left := min(most, len(rows) - start):
        end = start + (left >> (less := max(left.bit_length() - 3, 0)) << less)  # its three leading bits
        yield rows[start:end]
        start = end


def column_of(model: type[models.Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "column"))  # noqa: B009 - reverse relations have none


def _dates(model: type[models.Model], columns: Sequence[str]) -> list[int]:
    """Where dates are among the columns: SQLite has them as naive text in UTC."""
    return [n for n, name in enumerate(columns) if isinstance(model._meta.get_field(name), models.DateTimeField)]


@lru_cache(maxsize=4096)  # one scan dates all that it found
def _plain_date(date: datetime | None) -> str | None:
    return str(date)[:-6] if date else None  # without "+00:00"


def analyse(*models_: type[models.Model]) -> None:
    """Refresh what the planner knows of the tables; a small sample is enough."""
    with transaction.atomic(), connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA analysis_limit = 1000" if sqlite else "SET LOCAL default_statistics_target = 10")
        for model in models_:
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
