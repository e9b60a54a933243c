"""Any number of keys in one statement, as one parameter: each database has its own way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from django.db import connection


def among(keys: Iterable[int | str]) -> tuple[str, Any]:
    """What goes after the name of a column, and its parameter."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)", list(keys)
    return "IN (SELECT value FROM json_each(%s))", orjson.dumps(list(keys)).decode()
