"""A decision as plain values: what a form asks for, what the API takes, and what a task in the background carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import User as UserModel
from django.utils import timezone

from issues.decisions.batch import Done
from issues.decisions.comment import comment
from issues.decisions.exclude import exclude
from issues.decisions.owner import assign_owner
from issues.decisions.rules import Refused, check
from issues.decisions.severity import reset_severity, set_severity
from issues.decisions.take_back import take_back
from issues.models import Decision
from issues.models.issue import IssueQuerySet
from issues.severity.levels import Level

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BACK = "back"  # into the queue: the exclusion ends
Kind = Decision.Kind


@dataclass(frozen=True, slots=True)
class Deed:
    """``kind``: of a decision, or ``BACK``. Without a ``value`` a severity goes back to the factors, an owner goes."""

    kind: str
    value: str = ""
    reason: str = ""
    until: datetime | None = None

    def check(self, now: datetime | None = None) -> None:
        """``Refused`` where something is missing."""
        if self.kind != BACK and (self.value or self.kind not in (Kind.SEVERITY, Kind.OWNER)):
            now = now or timezone.now()
            check(self.kind, value=self.value, reason=self.reason, until=self.until, now=now)

    def carry_out(self, issues: IssueQuerySet, user: User | None, now: datetime | None = None) -> Done:
        """``Refused`` where something is missing. The caller has made sure that the user may, and sees the issues."""
        self.check(now)
        if self.kind == BACK:
            return take_back(issues, user, now)
        if self.kind == Kind.COMMENT:
            return comment(issues, self.reason, user, now)
        if self.kind == Kind.OWNER:
            return assign_owner(issues, self._owner(), user, self.reason, now)
        if self.kind == Kind.SEVERITY and self.value:
            return set_severity(issues, Level.of(self.value), self.reason, user, now)
        if self.kind == Kind.SEVERITY:
            return reset_severity(issues, user, now)
        return exclude(issues, self.kind, self.reason, self.until, user, now)

    def _owner(self) -> User | None:
        if not self.value:
            return None
        found = UserModel.objects.filter(username=self.value, is_active=True).first()
        if found is None:
            raise Refused({"value": f"There is no user “{self.value[:40]}”."})
        return found

    @property
    def title(self) -> str:
        return "Back into the queue" if self.kind == BACK else Decision(kind=self.kind, until=self.until).title

    def told(self, count: int) -> str:
        """What was done to so many issues, as a sentence for whoever did it."""
        these = f"{count:,} issue{'' if count == 1 else 's'}"
        if self.kind == Kind.COMMENT:
            return f"Comment added to {these}."
        return f"{these} {self._done}."

    @property
    def _done(self) -> str:
        begin_small = self.title[:1].lower() + self.title[1:]  # snoozed until 15 Dec 2026
        if self.kind == Kind.SEVERITY:
            return f"set to {Level.of(self.value).label} by hand" if self.value else "back to the severity by factors"
        if self.kind == Kind.OWNER:
            return f"given to {self.value}" if self.value else "back with the owners of the application"
        return {BACK: "back in the queue", Kind.SNOOZE: begin_small}.get(self.kind, f"excluded: {begin_small}")
