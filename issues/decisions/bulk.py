"""What is too much for one answer to a browser: decided in the background, in turns that any kill leaves in order."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from django.contrib.auth.models import User as UserModel

from connectors.access import Action, may
from connectors.sync.breath import Breath
from issues.decisions.batch import SIZE, moment_of
from issues.decisions.deed import Deed
from issues.decisions.rules import Refused
from issues.decisions.undo import undo
from issues.ingest.bulk import chunks
from issues.models import Decision, Issue
from issues.queue.matching import Selection

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AT_ONCE = 2_000  # issues that an answer waits for
TURN = 20.0  # seconds
log = logging.getLogger(__name__)


def decide_in_turns(user_id: int, deed: Deed, query: str, token: int, seconds: float = TURN) -> bool:
    """Decide about all that match; True when there is more. What carries the moment of ``token`` is done already."""
    user, until = _allowed(user_id), time.monotonic() + seconds
    if user is None or _undone(user, token):
        return False
    now, breath = moment_of(token), Breath()
    done = Decision.objects.filter(user=user, at=now).values("issue")
    keys = Selection(user, query=query).issues.exclude(pk__in=done).order_by("pk").values_list("pk", flat=True)
    for some in chunks(keys, SIZE):
        if time.monotonic() > until:
            return True
        try:
            deed.carry_out(Issue.objects.filter(pk__in=some), user, now)
        except Refused as refused:
            log.warning("Deciding stopped: %s", refused)
            return False
        breath.take()
    return False


def undo_in_background(user_id: int, token: int) -> None:
    user = _allowed(user_id)
    if user is not None:
        undo(token, user)


def _allowed(user_id: int) -> User | None:
    """Who asked, unless they may no longer."""
    user = UserModel.objects.filter(pk=user_id).first()
    return user if user is not None and may(user, Action.TRIAGE) else None


def _undone(user: User, token: int) -> bool:
    return Decision.objects.filter(user=user, at=moment_of(token), ended_reason="Undone").exists()
