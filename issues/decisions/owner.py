"""Who looks after an issue, when that is somebody else than the owners of its application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import User as UserModel
from django.db.models import QuerySet

from connectors.access import Action, Role, may
from issues.decisions.batch import Batch, Done, in_batches
from issues.decisions.rules import Refused
from issues.models import Decision, Issue, IssueEvent
from issues.models.issue import IssueQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

OWNER = Decision.Kind.OWNER
ROLES = [role.value for role in (Role.ADMIN, Role.ANALYST, Role.OWNER)]


def possible_owners() -> QuerySet[User]:
    """Who can be chosen, by name: everybody who may decide on issues."""
    active = UserModel.objects.filter(is_active=True)
    return (active.filter(groups__name__in=ROLES) | active.filter(is_superuser=True)).distinct().order_by("username")


def assign_owner(
    issues: IssueQuerySet, owner: User | None, user: User | None, reason: str = "", now: datetime | None = None
) -> Done:
    """Give the issues to somebody; None gives them back to the owners of their applications.

    ``Refused`` when the owner may not decide on issues, or may not see all of these.
    """
    if owner is not None:
        _check(issues, owner)

    def write(batch: Batch) -> None:
        before = _names(batch.issues)
        for issue in batch.issues:
            if owner is not None:
                batch.make(issue, Decision(kind=OWNER, value=owner.username, reason=reason.strip()))
            elif not batch.end(issue, OWNER, "Taken back"):
                continue
            issue.owner_id = owner.pk if owner else None
            after = owner.username if owner else ""
            batch.tell(issue, IssueEvent.Kind.OWNER, before.get(issue.pk, ""), after, reason.strip())

    return in_batches(issues if owner else issues.filter(owner__isnull=False), user, write, now)


def follow(batch: Batch, notes: Mapping[int, str]) -> None:
    """Give every issue of the batch the owner whose decision is in force now, and tell where that changes."""
    before, names = _names(batch.issues), {issue.pk: _name(batch, issue) for issue in batch.issues}
    keys = dict(UserModel.objects.filter(username__in=set(names.values())).values_list("username", "pk"))
    for issue in batch.issues:
        key = keys.get(names[issue.pk])
        if key != issue.owner_id:
            issue.owner_id = key
            batch.tell(issue, IssueEvent.Kind.OWNER, before.get(issue.pk, ""), names[issue.pk], notes.get(issue.pk, ""))


def _name(batch: Batch, issue: Issue) -> str:
    decision = batch.in_force[issue.pk].get(OWNER)
    return decision.value if decision else ""


def _names(issues: Sequence[Issue]) -> dict[int, str]:
    """User names of the present owners, by issue."""
    keys = {issue.owner_id for issue in issues if issue.owner_id}
    names = dict(UserModel.objects.filter(pk__in=keys).values_list("pk", "username")) if keys else {}
    return {issue.pk: names.get(issue.owner_id, "") for issue in issues if issue.owner_id}


def _check(issues: IssueQuerySet, owner: User) -> None:
    if not owner.is_active or not may(owner, Action.TRIAGE):
        raise Refused({"value": f"{owner.username} may not decide on issues."})
    unseen = issues.exclude(pk__in=Issue.objects.visible_to(owner).values("pk")).count()
    if unseen:
        theirs = "1 of these issues is" if unseen == 1 else f"{unseen:,} of these issues are"
        raise Refused({"value": f"{owner.username} sees only some applications, and {theirs} not in them."})
