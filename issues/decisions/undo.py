"""One step back: what somebody decided in one go, on one issue or on thousands."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from connectors.sync.breath import Breath
from issues.decisions.batch import Batch, Done, moment_of, over_keys
from issues.decisions.ending import follow
from issues.models import Decision, Issue

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def undo(token: int, user: User, breath: Breath | None = None) -> Done:
    """Take back what the user made at that moment, and put in force again what they ended by it.

    ``token`` as in ``Done``. What somebody decided since then stays. Counts the issues that it went back on; none
    the second time.
    """
    at, found = moment_of(token), _found(token, user)

    def write(batch: Batch) -> None:
        keys = [pk for issue in batch.issues for pk in found[issue.pk]]
        held = list(Decision.objects.filter(pk__in=keys))
        made = [decision for decision in held if decision.is_in_force and decision.at == at]
        for decision in made:
            batch.end_this(decision, "Undone")
        ended = [decision for decision in held if decision.ended_at == at]
        for decision in ended:
            if decision.until is None or decision.until > batch.now:
                batch.reinstate(decision)
        undone = [decision.issue_id for decision in (*made, *ended)]
        follow(batch, dict.fromkeys(undone, "Undone."))

    return over_keys(found, user, write, breath=breath)


def how_many(token: int, user: User) -> int:
    """Issues that ``undo`` would go back on."""
    return len(_found(token, user))


def _found(token: int, user: User) -> dict[int, list[int]]:
    """The decisions of that moment that are visible, by issue: those made that still hold, and those ended."""
    at, visible = moment_of(token), Issue.objects.visible_to(user).values("pk")
    made = Decision.objects.in_force().filter(user=user, at=at)
    ended = Decision.objects.filter(ended_by=user, ended_at=at)
    found: dict[int, list[int]] = defaultdict(list)
    for rows in (made, ended):
        for issue, pk in rows.filter(issue__in=visible).values_list("issue_id", "pk"):
            found[issue].append(pk)
    return found
