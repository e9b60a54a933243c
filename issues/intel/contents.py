"""What a feed holds once it has been read and found sound, and what all feeds have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from issues.intel.fetch import FeedError

MOST_BROKEN = 0.01  # share of rows that can't be read before the whole feed is doubted


@dataclass(frozen=True, slots=True)
class Contents:
    """``rows`` in the order of the model's fields, one for each CVE."""

    published_at: datetime
    version: str
    rows: list[tuple[Any, ...]]


def moment(text: str, what: str) -> datetime:
    """An aware date from ISO text, also with a "+0000" or "Z" at its end; ``FeedError`` when it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise FeedError(f"The {what} has no readable date (“{text[:40]}”).") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_cve(text: str) -> bool:
    return text.startswith("CVE-") and len(text) <= 64


def check_broken(broken: int, kept: int, what: str) -> None:
    if not kept:
        raise FeedError(f"The {what} has no rows.")
    if broken > MOST_BROKEN * (kept + broken):
        raise FeedError(f"{broken:,} of {kept + broken:,} rows of the {what} can't be read.")
