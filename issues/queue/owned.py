"""Whose issues: those that were given to somebody, and the rest of the applications that they own.

Nearly every issue has no owner of its own. So it is its application's that are counted, and the few that differ are
added and taken away.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import User as UserModel
from django.db.models import Count, Q

from issues.models import ApplicationMember, Issue
from issues.queue.cells import COLUMNS, Cell

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


@dataclass(frozen=True, slots=True)
class Owned:
    """``applications``: those they own. ``users``: themselves, as far as issues are theirs. ``others``: who else."""

    applications: Collection[int]
    users: Collection[int]
    others: Collection[int]

    @classmethod
    def by(cls, usernames: Collection[str]) -> Self:
        wanted = set(UserModel.objects.filter(username__in=usernames).values_list("pk", flat=True))
        owners = ApplicationMember.objects.filter(role=ApplicationMember.Role.OWNER, user__in=wanted)
        given = set(Issue.objects.exclude(owner=None).order_by().values_list("owner", flat=True).distinct())
        return cls(sorted(set(owners.values_list("application_id", flat=True))), given & wanted, given - wanted)

    @property
    def of_applications(self) -> Q:
        """What is nobody else's. A negation, so that no index of owners is walked instead of that of the order."""
        theirs = Q(application__in=self.applications)
        return theirs & ~Q(owner__in=self.others) if self.others else theirs

    @property
    def given(self) -> Q:
        """What is theirs in applications that are not."""
        return Q(owner__in=self.users) & ~Q(application__in=self.applications)

    @property
    def legs(self) -> list[Q]:
        """Conditions on issues that exclude each other; together they find everything."""
        return [self.of_applications, self.given] if self.users else [self.of_applications]

    @property
    def condition(self) -> Q:
        return self.of_applications | self.given if self.users else self.of_applications

    def differing(self, user: User | AnonymousUser, scope: Q) -> list[Cell]:
        """What counting the applications gets wrong: cells with a number to be added, below zero for others' issues."""
        found: list[Cell] = []
        visible = Issue.objects.visible_to(user).filter(scope).order_by()
        for sign, condition in ((1, self.given if self.users else None), (-1, self._taken if self.others else None)):
            if condition is not None:
                rows = visible.filter(condition).values_list(*COLUMNS).annotate(n=Count("pk"))
                found += [(cell := Cell(*row))._replace(issues=sign * cell.issues) for row in rows]
        return found

    @property
    def _taken(self) -> Q:
        return Q(owner__in=self.others, application__in=self.applications)
