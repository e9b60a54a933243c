"""Severities brought up to date in the background, in short turns that any kill or stop leaves in order."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.utils import timezone

from connectors.models import Connection, SyncRun
from connectors.sync.breath import Breath
from connectors.sync.uncollected import uncollected
from issues.ingest.aggregate import count_issues
from issues.ingest.outdated import is_outdated, mark
from issues.ingest.reweigh import Reweigher
from issues.mapping.hold import held
from issues.models import Assessment, Endpoint, Issue, RuleSet

TURN = 20.0  # seconds


def is_due() -> bool:
    """Whether there is anything to do; reads only."""
    return is_outdated(timezone.now()) or next(_waiting(), None) is not None


def recompute(seconds: float = TURN) -> bool:
    """Work for a while; True when there is more. Returns at once when another worker is at it."""
    stored = Assessment.claim()
    if stored is None:
        return False
    try:
        with uncollected():
            mark(stored, timezone.now())
            until, breath = time.monotonic() + seconds, Breath(Assessment.extend)
            return not _reweigh(stored, until, breath) or _count(until, breath)
    finally:
        Assessment.release()


def _reweigh(stored: Assessment, until: float, breath: Breath) -> bool:
    """Have every issue follow the rules that count; False when the time is over."""
    rules = RuleSet.objects.current()
    if stored.rules_version == rules.version:
        return True
    reweigher = Reweigher(rules)
    while reweigher.batch():
        if time.monotonic() > until:
            return False
        breath.take()
    if reweigher.is_done:
        Assessment.objects.filter(pk=stored.pk).update(rules_version=rules.version)
    return reweigher.is_done


def _count(until: float, breath: Breath) -> bool:
    for connection in _waiting():
        while _counted_batch(connection):
            if time.monotonic() > until:
                return True
            breath.take()
    return False


def _counted_batch(connection: Connection) -> bool:
    with held(connection.pk):
        return not _is_importing(connection) and count_issues(connection, None) is not None


def _is_importing(connection: Connection) -> bool:
    """A run counts its own issues, and remembers which of them it has marked for counting."""
    return SyncRun.objects.unfinished().filter(connection=connection).exists()


def _waiting() -> Iterator[Connection]:
    """Connections with stale issues that are not being imported from."""
    importing = SyncRun.objects.unfinished().values("connection")
    for connection in Connection.objects.exclude(pk__in=importing):
        stale = Issue.objects.stale(connection).exists()
        if stale or Endpoint.objects.untold(connection).exists():
            yield connection
