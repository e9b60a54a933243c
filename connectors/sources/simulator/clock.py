"""The console's ids are clocks: ``id >> 23`` counts milliseconds since 2017-01-01T00:00:00Z."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

ID_ZERO_MS = 1_483_228_800_000
LOW_BITS = 23
DAY_MS = 86_400_000
UNIX_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def mint(ms: int, low: int) -> int:
    """The id of something made at ``ms`` (Unix milliseconds); ``low`` tells apart what was made in one millisecond."""
    return ((ms - ID_ZERO_MS) << LOW_BITS) | (low & 0x7FFFFF)


def minted_at(identity: int) -> int:
    """Unix milliseconds at which an id was made."""
    return (identity >> LOW_BITS) + ID_ZERO_MS


def to_ms(moment: datetime) -> int:
    return (moment - UNIX_ZERO) // timedelta(milliseconds=1)


def from_ms(ms: int) -> datetime:
    return UNIX_ZERO + timedelta(milliseconds=ms)


def text(ms: int, micros: int = 0) -> str:
    """``2025-06-02T04:46:51.710569Z``, as the console writes detection and creation times."""
    return f"{from_ms(ms):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}{micros % 1000:03d}Z"


def text_seconds(ms: int) -> str:
    """``2025-07-29T19:25:47Z``, as it writes scan and publication times."""
    return f"{from_ms(ms):%Y-%m-%dT%H:%M:%SZ}"


def read(value: str) -> int:
    """Unix milliseconds of an ISO 8601 time or of epoch milliseconds as text; ``ValueError`` for anything else."""
    if value.isdigit():
        return int(value)
    moment = datetime.fromisoformat(value.replace(" ", "+"))  # a plus sign that was not escaped arrives as a blank
    return to_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
