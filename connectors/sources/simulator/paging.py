"""Cursors, and pages of lists that fit in memory."""

from __future__ import annotations

import base64
import binascii
from itertools import count
from typing import Any

import orjson

from connectors.sources.simulator.answers import Answer, bad_request
from connectors.sources.simulator.asking import Asked

Row = dict[str, Any]
_numbers = count(1)


def cursor(mark: str, position: int, number: int = 0) -> str:
    """An opaque cursor; ``number`` makes two cursors to one place differ."""
    return base64.urlsafe_b64encode(f"{mark}:{position}:{number}".encode()).decode()


def another(mark: str, position: int) -> str:
    """A cursor to a place that no cursor before was equal to."""
    return cursor(mark, position, next(_numbers))


def position(asked: Asked) -> int | None:
    """Where a request's cursor points; ``None`` without one, ``Refused`` for one that is not ours."""
    if not asked.cursor:
        return None
    try:
        mark, place, _ = base64.urlsafe_b64decode(asked.cursor).decode().split(":")
        if mark != asked.mark:
            raise ValueError
        return int(place)
    except (ValueError, binascii.Error):
        raise bad_request("cursor: Invalid cursor") from None


def sort_key(value: Any) -> tuple[bool, Any]:
    """Rows without a value come last."""
    return (value is None or value == "", value if isinstance(value, int | float) else str(value))


def listed(rows: list[Row], asked: Asked, wrap: str = "", hidden: str = "", **beside: Any) -> Answer:
    """A page of rows that match.

    ``wrap``: the key under ``data`` that holds them, with ``beside`` next to it. ``hidden``: a field
    that filters may ask about, but that the console does not send.
    """
    found = [row for row in rows if asked.matches(row)]
    if asked.sort_by:
        name = asked.sort_by
        found.sort(key=lambda row: sort_key(row[name]), reverse=asked.descending)
    start = position(asked)
    start = asked.skip if start is None else start
    page = [] if asked.count_only else found[start : start + asked.limit]
    if hidden:
        page = [{name: value for name, value in row.items() if name != hidden} for row in page]
    after = start + asked.limit if page and start + asked.limit < len(found) else None
    data: Any = {wrap: page, **beside} if wrap else page
    pagination = envelope(asked, after, len(found))
    return Answer(body=orjson.dumps({"data": data, "pagination": pagination}), here=another(asked.mark, start))


def envelope(asked: Asked, after: int | None, total: int) -> Row:
    """``pagination``; with ``skipCount`` the total is not worth anything, as on the console."""
    following = None if after is None else cursor(asked.mark, after)
    return {"nextCursor": following, "totalItems": 0 if asked.skip_count and not asked.count_only else total}


def rows_of(body: bytes) -> tuple[Row, list[Row]]:
    """A list's body and the rows in it, wherever they lie."""
    whole = orjson.loads(body)
    data = whole["data"]
    return whole, data["sites"] if isinstance(data, dict) else data
