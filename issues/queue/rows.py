"""One page of issues, with everything that a row shows, in two questions whatever its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch

from issues.models import ApplicationMember, Issue
from issues.models.issue import IssueQuerySet
from issues.queue.filters import IssueFilterSet
from issues.queue.keyset import Page, page_of
from issues.queue.ordering import Sort

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

UNINDEXED = ("application",)


def page_of_issues(
    filters: IssueFilterSet, issues: IssueQuerySet, sort: Sort, size: int, cursor: str = ""
) -> Page[Issue]:
    """``BadCursor`` as in ``keyset``. ``issues``: what the user may see, as the caller wants it loaded."""
    found = filters.filter_queryset(issues)
    legs: list[IssueQuerySet] = []
    if sort.name in UNINDEXED:
        legs = [found]  # keys are sorted faster than rows
    elif len(filters.states) > 1 and not filters.row_conditions:
        # Every index begins with the state, so each state is a walk of its own.
        legs = [found.filter(state=state) for state in filters.states]
    return page_of(issues if legs else found, sort, size, cursor, legs)


def visible_issues(user: User | AnonymousUser) -> IssueQuerySet:
    """``issue.application.owners`` is a list of memberships with their users."""
    owners = Prefetch("application__members", ApplicationMember.objects.owners(), to_attr="owners")
    return Issue.objects.visible_to(user).for_listing().prefetch_related(owners)
