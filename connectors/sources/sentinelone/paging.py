"""Walking a list by cursor. Only a null or empty cursor ends it; anything odd breaks it off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.sources.exceptions import BadAnswer
from connectors.sources.sentinelone.calls import AGENTS, RISKS, SITES, Call
from connectors.sources.sentinelone.client import Client, Params
from connectors.sources.sentinelone.values import count

UNCOUNTED = {RISKS, AGENTS}  # counting made a call for one row take seconds; the first page has the count


@dataclass(frozen=True, slots=True)
class RawPage:
    """``rows`` as parsed, whatever they are; ``total`` is the first page's count."""

    rows: list[Any]
    next_cursor: str | None
    total: int | None


def walk(client: Client, call: Call, params: Params | None = None, cursor: str | None = None) -> Iterator[RawPage]:
    """Every page from ``cursor`` on. Raises ``SourceError``; ``BadAnswer`` when the walk can't end well."""
    asked = {**(params or {}), "limit": client.limit(call)}
    seen: set[str] = set()
    total: int | None = None
    while True:
        if cursor:
            seen.add(cursor)
            asked["cursor"] = cursor
        page = first_page(client, call, asked)
        total = total if total is not None else page.total
        cursor = page.next_cursor
        if cursor in seen:
            raise BadAnswer(f"The list of {call.noun} leads back to a page that was read before.")
        yield RawPage(page.rows, cursor, total)
        if cursor is None:
            return
        if call in UNCOUNTED:
            asked["skipCount"] = "true"


def first_page(client: Client, call: Call, params: Params) -> RawPage:
    """One page; ``BadAnswer`` when it has no list or no paging."""
    envelope = client.page(call, params)
    rows, paging = envelope["data"], envelope.get("pagination")
    if call is SITES and isinstance(rows, dict):
        rows = rows.get("sites")
    if not isinstance(rows, list):
        raise BadAnswer(f"The answer about {call.noun} holds no list.")
    if not isinstance(paging, dict) or "nextCursor" not in paging:
        raise BadAnswer(f"The answer about {call.noun} does not say whether there is more.")
    return RawPage(rows, _cursor(paging, call), _total(paging, params))


def _cursor(paging: dict[str, Any], call: Call) -> str | None:
    cursor = paging.get("nextCursor")
    if cursor is not None and not isinstance(cursor, str):
        raise BadAnswer(f"The answer about {call.noun} has a position that can't be followed.")
    return cursor or None


def _total(paging: dict[str, Any], params: Params) -> int | None:
    return None if "skipCount" in params else count(paging.get("totalItems"))
