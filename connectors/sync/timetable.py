"""When a connection is imported by itself, and when it is not."""

from __future__ import annotations

from django.utils import timezone

from connectors.models import Connection

SHORTEST, LONGEST = 15, 7 * 24 * 60  # minutes


def set_timetable(connection: Connection, *, paused: bool | None = None, interval_minutes: int | None = None) -> None:
    """Change what is given and plan the next import anew. ``ValueError`` with a sentence for a bad interval."""
    if interval_minutes is not None and not SHORTEST <= interval_minutes <= LONGEST:
        raise ValueError(f"Imports can run every {SHORTEST} minutes at most, and every {LONGEST} minutes at least.")
    if paused is not None:
        connection.paused = paused
    if interval_minutes is not None:
        connection.interval_minutes = interval_minutes
    connection.plan_next(timezone.now())
    connection.save(update_fields=["paused", "interval_minutes", "next_run_at"])
