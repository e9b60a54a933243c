"""What people decided about an issue, as its page and the API show it."""

from __future__ import annotations

from django.db.models import Prefetch

from issues.models import Decision, Issue
from issues.models.issue import IssueQuerySet


def held_on(issue: Issue) -> list[Decision]:
    """What is in force, with the people: exclusion, severity and owner, newest first."""
    held = issue.decisions.in_force().exclude(kind=Decision.Kind.COMMENT)
    return list(held.select_related("user"))


def with_exclusions(issues: IssueQuerySet) -> IssueQuerySet:
    """``excluding`` of each is a list of the one exclusion in force, with its user; empty where there is none."""
    held = Decision.objects.in_force().filter(kind__in=Decision.EXCLUDING).select_related("user", "ended_by")
    return issues.prefetch_related(Prefetch("decisions", held, to_attr="excluding"))


def with_decisions(issues: IssueQuerySet) -> IssueQuerySet:
    """``decisions.all()`` of each are there with their people, newest first."""
    return issues.prefetch_related(Prefetch("decisions", Decision.objects.select_related("user", "ended_by")))
