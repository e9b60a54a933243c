"""How many issues there are of each state: asked once for a signed-in user, and then remembered for the request."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db.models import Sum

from issues.models import IssueCount

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def issue_totals(user: User) -> dict[str, int]:
    """By state, of what the user may see; a state without issues may be missing."""
    if not hasattr(user, "_issue_totals"):  # a user object lives as long as its request
        counted = IssueCount.objects.visible_to(user).values("state").annotate(total=Sum("issues"))
        user._issue_totals = {row["state"]: row["total"] for row in counted}  # type: ignore[attr-defined]
    return cast("dict[str, int]", user._issue_totals)  # type: ignore[attr-defined]
