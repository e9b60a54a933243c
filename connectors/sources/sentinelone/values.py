"""Single values as the console sends them: any of them may be missing, null, or of another JSON type."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from connectors.sources.exceptions import BrokenRecord

Raw = Mapping[str, Any]
LONGEST_IDENT = 64  # characters; the console's have 18 or 19
SCORED = (str, int, float)  # as a tuple: the union would be built anew for every value


def text(value: Any) -> str:
    """Text and numbers as text, anything else as ``""``. A NUL, which databases refuse, is left out."""
    if isinstance(value, str):
        plain = value.strip()
        return plain.replace("\0", "") if "\0" in plain else plain
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def name(value: Any) -> str:
    """Text that the console may have HTML-escaped, unescaped once."""
    plain = text(value)
    return html.unescape(plain).strip() if "&" in plain else plain


def ident(value: Any) -> str:
    """An id as text; ``""`` for what can't be one. A fraction has already lost digits of it."""
    plain = type(value) is str and value.isalnum()  # nearly all of them, and every row of an import comes through here
    found: str = value if plain else "" if isinstance(value, float) else text(value)
    return found if len(found) <= LONGEST_IDENT else ""


def required_ident(raw: Raw, key: str) -> str:
    """An id that a row must have; ``BrokenRecord`` when it does not."""
    found = ident(raw.get(key))
    if not found:
        raise missing(key)
    return found


def missing(key: str) -> BrokenRecord:
    return BrokenRecord(f"The row has no usable “{key}”.")


def number(value: Any, *, most: float = 10.0) -> float | None:
    """A score from 0 to ``most``, sent as number or text; ``None`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, SCORED):
        return None
    try:
        parsed = float(value)
    except (ValueError, OverflowError):
        return None
    return parsed if 0.0 <= parsed <= most else None


def count(value: Any) -> int | None:
    """A whole number from 0 on; SentinelOne's -1 for "unlimited" is none."""
    whole = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    return whole if isinstance(whole, int) and not isinstance(whole, bool) and whole >= 0 else None


def moment(value: Any) -> datetime | None:
    """A date with or without fractions of a second, in UTC; ``None`` when it can't be read."""
    return _moment(value) if isinstance(value, str) else None


@lru_cache(maxsize=4096)  # one scan dates all that it found
def _moment(value: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(value)
        if parsed.tzinfo is UTC:
            return parsed
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
