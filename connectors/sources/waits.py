"""How long one exchange may last, and how long to wait before it is tried again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRIED = frozenset({408, 429, 500, 502, 503, 504})


def retried(status: int) -> bool:
    """A status that may pass by itself. 501 never does: the console says it can't."""
    return status in RETRIED or 504 < status < 600


@dataclass(frozen=True, slots=True)
class Waits:
    """All times in seconds, sizes in bytes."""

    connect: float = 10.0
    read: float = 60.0  # a page of 1,000 rows was seen to take several seconds
    deadline: float = 180.0  # for one whole exchange, however slowly it drips
    page_bytes: int = 64 * 2**20
    tries: int = 5
    base: float = 1.0
    longest: float = 30.0
    retry_after_cap: float = 60.0
    gap: float = 0.25  # between requests once the source has answered 429; doubles with every further one
    longest_gap: float = 5.0
    sleep: Callable[[float], None] = time.sleep

    def hurried(self) -> Waits:
        """For a person who waits for the result: two tries, and no long pause between them."""
        return replace(
            self,
            tries=min(self.tries, 2),
            base=min(self.base, 0.5),
            read=min(self.read, 20.0),
            deadline=min(self.deadline, 30.0),
            retry_after_cap=min(self.retry_after_cap, 5.0),
        )

    def before_try(self, attempt: int) -> float:
        """Doubling with jitter, so that many workers don't come back together. ``attempt`` counts from 1."""
        return min(self.longest, self.base * 2.0 ** (attempt - 1)) * random.uniform(0.75, 1.25)

    def wider_gap(self, gap: float) -> float:
        return min(self.longest_gap, max(self.gap, gap * 2))


def retry_after(header: str | None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, as a number or a date; ``None`` when it says nothing."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
