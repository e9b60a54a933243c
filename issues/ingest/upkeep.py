"""What is added up from issues once they have settled: today's row of every application, and what to fix first."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from connectors.models import SyncRun
from connectors.sync.breath import Breath
from issues.ingest import days, fixes
from issues.models import ApplicationDay, Assessment

TURN = 20.0  # seconds
PATIENCE = timedelta(minutes=15)  # with an import that is running


def keep_up(*, changed: bool = False, seconds: float = TURN) -> bool:
    """Each minute, and after imports; True when there is more to do. A few reads when nothing has changed.

    ``changed``: severities may have changed in a way that leaves every sum as it was. Today's rows are written after
    the fixes were compared, so that a kill in between leaves the reason to do it again.
    """
    if _importing() or not (changed or days.is_due() or fixes.is_due()) or Assessment.claim() is None:
        return False
    try:
        until, breath = time.monotonic() + seconds, Breath(Assessment.extend)
        fixes.reconcile()
        days.write_today()

        def go_on() -> bool:
            breath.take()
            return time.monotonic() < until

        return not fixes.count(go_on)
    finally:
        Assessment.release()


def _importing() -> bool:
    """An import in between is waited for, but the day gets its row."""
    running = SyncRun.objects.unfinished().filter(started_at__gt=timezone.now() - PATIENCE)
    return running.exists() and ApplicationDay.objects.filter(day=datetime.now(UTC).date()).exists()
