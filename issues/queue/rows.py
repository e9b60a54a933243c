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
    found = filters.filter_unowned(issues)
    legs = [found.filter(condition) for condition in filters.owned.legs] if filters.owned is not None else [found]
    if len(filters.states) > 1 and not filters.row_conditions and sort.name not in UNINDEXED:
        # Every index begins with the state, so each state is a walk of its own.
        legs = [leg.filter(state=state) for leg in legs for state in filters.states]
    if len(legs) == 1 and sort.name not in UNINDEXED:
        return page_of(legs[0], sort, size, cursor)
    return page_of(issues, sort, size, cursor, legs)  # keys are sorted faster than rows


def visible_issues(user: User | AnonymousUser) -> IssueQuerySet:
    """``issue.application.owners`` is a list of memberships with their users."""
    owners = Prefetch("application__members", ApplicationMember.objects.owners(), to_attr="owners")
    return Issue.objects.visible_to(user).for_listing().prefetch_related(owners)
