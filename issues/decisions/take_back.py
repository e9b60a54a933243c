"""A decision that no longer holds because a person says so."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from issues.decisions.batch import Batch, Done, over_keys
from issues.decisions.ending import follow
from issues.models import Decision
from issues.models.decision import DecisionQuerySet
from issues.models.issue import IssueQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def take_back(issues: IssueQuerySet, user: User | None, now: datetime | None = None) -> Done:
    """Put issues back into the queue that a person had excluded. Severities and owners stay."""
    held = Decision.objects.in_force().filter(kind__in=Decision.EXCLUDING)
    return take_back_decisions(held.filter(issue__in=issues.exclude(decision="").values("pk")), user, now)


def take_back_decisions(decisions: DecisionQuerySet, user: User | None, now: datetime | None = None) -> Done:
    """End these where they are in force, whatever they decided, comments included."""
    held: dict[int, list[int]] = defaultdict(list)
    for issue, pk in decisions.in_force().values_list("issue_id", "pk"):
        held[issue].append(pk)

    def write(batch: Batch) -> None:
        keys = [pk for issue in batch.issues for pk in held[issue.pk]]
        ended = list(Decision.objects.in_force().filter(pk__in=keys))
        for decision in ended:
            batch.end_this(decision, "Taken back")
        follow(batch, {decision.issue_id: f"{decision.title}: taken back." for decision in ended})

    return over_keys(held, user, write, now)
