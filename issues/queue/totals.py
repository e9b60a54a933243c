"""How many issues there are of each state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Sum

from issues.models import IssueCount

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def issue_totals(user: User) -> dict[str, int]:
    """Of what the user may see; a state without issues may be missing."""
    counted = IssueCount.objects.visible_to(user).values("state").annotate(total=Sum("issues"))
    return {row["state"]: row["total"] for row in counted}
