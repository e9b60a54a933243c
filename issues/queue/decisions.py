"""What people decided about an issue, as its page and the API show it."""

from __future__ import annotations

from issues.models import Decision, Issue


def held_on(issue: Issue) -> list[Decision]:
    """What is in force, with the people: exclusion, severity and owner, newest first."""
    held = issue.decisions.in_force().exclude(kind=Decision.Kind.COMMENT)
    return list(held.select_related("user"))
