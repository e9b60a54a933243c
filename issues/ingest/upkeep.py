"""What is counted from issues once they have settled: today's row of every application."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.models import SyncRun
from issues.ingest.days import write_today
from issues.models import ApplicationDay


def keep_up() -> None:
    """Each minute; costs a few reads when nothing has changed. An import in between is waited for."""
    if not SyncRun.objects.unfinished().exists() or not _has_today():
        write_today()


def _has_today() -> bool:
    return ApplicationDay.objects.filter(day=datetime.now(UTC).date()).exists()
