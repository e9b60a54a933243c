"""What is too much for one answer to a browser: decided in the background, in turns that any kill leaves in order."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple

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


class Progress(NamedTuple):
    """How far one of them is, for whoever decided it."""

    what: str
    done: int
    total: int
    token: int  # by which it is undone; 0 while it is being undone


def decide_later(user: User, deed: Deed, query: str, total: int) -> int:
    """Decide about all issues that match, in the background. Returns the token by which it can be undone.

    ``total``: how many match now.
    """
    row = BulkDecision.objects.create(user=user, at=timezone.now(), query=query, total=total, **asdict(deed))
    decide_soon()
    return _token(row)


def undo_later(token: int, user: User) -> None:
    """Stop deciding, if it goes on, and take back in the background what was decided."""
    BulkDecision.objects.update_or_create(user=user, at=moment_of(token), defaults={"undone": True})
    decide_soon()


def progress(user: User) -> list[Progress]:
    """Of whatever of this person's goes on."""
    return [
        Progress("Undoing", 0, 0, 0) if row.undone else Progress(_deed(row).title, row.done, row.total, _token(row))
        for row in BulkDecision.objects.filter(user=user).order_by("pk")
    ]


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
            except Exception:  # whatever it is: those behind don't wait for it, and it is tried again in a minute
                log.exception("Deciding stopped for %s.", row)
            finally:
                row.release_lease()
    return False


def _follow(row: BulkDecision, until: float) -> bool:
    """False when the time is over first. What somebody takes back meanwhile is taken back in the same turn."""
    while True:
        if not may(row.user, Action.TRIAGE):
            log.warning("%s may not decide any more; what was left is not done.", row.user)
        elif row.undone:
            undo(_token(row), row.user, Breath(row.extend_lease))
        elif not _decide(row, until):
            return False
        if row.finish():
            return True
        row.refresh_from_db()


def _decide(row: BulkDecision, until: float) -> bool:
    """What carries the moment already is done. True when all is, or somebody wants it no more."""
    deed, breath = _deed(row), Breath()
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
        row.went_on(len(some))
        breath.take()
    return True


def _deed(row: BulkDecision) -> Deed:
    return Deed(row.kind, row.value, row.reason, row.until)


def _token(row: BulkDecision) -> int:
    return Done(0, row.at).token
