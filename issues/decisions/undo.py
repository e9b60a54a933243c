"""One step back: what somebody decided in one go, on one issue or on thousands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from issues.decisions.batch import Batch, Done, moment_of, over_keys
from issues.decisions.ending import follow
from issues.models import Decision, Issue
from issues.models.decision import DecisionQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def undo(token: int, user: User) -> Done:
    """Take back what the user made at that moment, and put in force again what they ended by it.

    ``token`` as in ``Done``. What somebody decided since then stays. Counts the issues that it went back on; none
    the second time.
    """
    made, ended = _made(token, user), _ended(token, user)

    def write(batch: Batch) -> None:
        here = [issue.pk for issue in batch.issues]
        undone = [*made.filter(issue__in=here)]
        for decision in undone:
            batch.end_this(decision, "Undone")
        for decision in ended.filter(issue__in=here):
            if decision.until is None or decision.until > batch.now:
                batch.reinstate(decision)
                undone.append(decision)
        follow(batch, dict.fromkeys((decision.issue_id for decision in undone), "Undone."))

    return over_keys(_keys(token, user), user, write)


def how_many(token: int, user: User) -> int:
    """Issues that ``undo`` would go back on."""
    return len(_keys(token, user))


def _keys(token: int, user: User) -> set[int]:
    visible = Issue.objects.visible_to(user).values("pk")
    rows = (_made(token, user), _ended(token, user))
    return {pk for found in rows for pk in found.filter(issue__in=visible).values_list("issue_id", flat=True)}


def _made(token: int, user: User) -> DecisionQuerySet:
    return Decision.objects.in_force().filter(user=user, at=moment_of(token))


def _ended(token: int, user: User) -> DecisionQuerySet:
    return Decision.objects.filter(ended_by=user, ended_at=moment_of(token))
