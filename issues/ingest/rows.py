"""Rows of a statement of ours, past the ORM: it would compile and convert for longer than the query takes."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import orjson
from django.db import connection

from issues.ingest.bulk import from_database

Shape = TypeVar("Shape", bound=NamedTuple)
ANY = "= ANY(%s)"  # one of a list; the statement is the same however long that is


def read(shape: type[Shape], sql: str, *values: Any) -> list[Shape]:
    """``sql`` names its columns after the fields of ``shape``; lists among the values go with ``ANY``.

    What comes out is as the database stores it: on SQLite dates are naive text in UTC, booleans are 0 and 1.
    """
    names = ", ".join(f'found."{name}"' for name in shape._fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"WITH found AS ({sql}) SELECT {names} FROM found", values)  # noqa: S608
            return [shape._make(row) for row in cursor.fetchall()]
        # One row of JSON: for every row that it steps to, sqlite3 lets another thread have the interpreter.
        among = sql.replace(ANY, "IN (SELECT value FROM json_each(%s))")
        cursor.execute(
            f"WITH found AS ({among}) SELECT json_group_array(json_array({names})) FROM found",  # noqa: S608
            [_plain(value) for value in values],
        )
        return [shape._make(row) for row in orjson.loads(cursor.fetchone()[0])]


@lru_cache(maxsize=4096)  # the same few stand in many rows
def moment(date: Any) -> Any:
    """A date as ``read`` gives it, as a datetime; None stays None."""
    return from_database(date)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return orjson.dumps(value).decode()
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
