"""What is too much for one answer to a browser: decided in the background, in turns that any kill leaves in order."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.utils import timezone

from connectors.access import Action, may
from connectors.sync.breath import Breath
from issues.asking import decide_soon
from issues.decisions.batch import SIZE, Done, moment_of
from issues.decisions.deed import Deed
from issues.decisions.rules import Refused
from issues.decisions.undo import undo
from issues.ingest.bulk import chunks
from issues.models import BulkDecision, Decision, Issue
from issues.queue.matching import Selection

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AT_ONCE = 2_000  # issues that an answer waits for
TURN = 20.0  # seconds
log = logging.getLogger(__name__)


def decide_later(user: User, deed: Deed, query: str) -> int:
    """Decide about all issues that match, in the background. Returns the token by which it can be undone."""
    row = BulkDecision.objects.create(user=user, at=timezone.now(), query=query, **asdict(deed))
    decide_soon()
    return Done(0, row.at).token


def undo_later(token: int, user: User) -> None:
    """Stop deciding, if it goes on, and take back in the background what was decided."""
    BulkDecision.objects.update_or_create(user=user, at=moment_of(token), defaults={"undone": True})
    decide_soon()


def is_deciding(token: int, user: User) -> bool:
    """Whether more is about to be decided, or taken back. ``OverflowError`` for a number that is no moment."""
    return BulkDecision.objects.filter(user=user, at=moment_of(token)).exists()


def work(seconds: float = TURN) -> bool:
    """One turn at whatever waits and no other worker has; True when there is more of it."""
    until = time.monotonic() + seconds
    for row in BulkDecision.objects.select_related("user").order_by("pk"):
        if row.take_lease():
            try:
                if not _follow(row, until):
                    return True
            finally:
                row.release_lease()
    return False


def _follow(row: BulkDecision, until: float) -> bool:
    """False when the time is over first. What somebody takes back meanwhile is taken back in the same turn."""
    while True:
        if not may(row.user, Action.TRIAGE):
            log.warning("%s may not decide any more; what was left is not done.", row.user)
        elif row.undone:
            undo(Done(0, row.at).token, row.user, Breath(row.extend_lease))
        elif not _decide(row, until):
            return False
        if row.finish():
            return True
        row.refresh_from_db()


def _decide(row: BulkDecision, until: float) -> bool:
    """What carries the moment already is done. True when all is, or somebody wants it no more."""
    deed, breath = Deed(row.kind, row.value, row.reason, row.until), Breath(row.extend_lease)
    done = Decision.objects.filter(user=row.user, at=row.at).values("issue")
    left = Selection(row.user, query=row.query).issues.exclude(pk__in=done).order_by("pk")
    for some in chunks(left.values_list("pk", flat=True), SIZE):
        if not row.is_wanted:
            return True
        if time.monotonic() > until:
            return False
        try:
            deed.carry_out(Issue.objects.filter(pk__in=some), row.user, row.at)
        except Refused as refused:
            log.warning("Deciding stopped: %s", refused)
            return True
        breath.take()
    return True
