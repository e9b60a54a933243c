"""How many issues there are of each state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Sum

from issues.models import Application, IssueCount

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def issue_totals(user: User, application: Application | None = None) -> dict[str, int]:
    """Of what the user may see, or of one application; a state without issues may be missing."""
    counted = IssueCount.objects.visible_to(user)
    if application is not None:
        counted = counted.filter(application=application)
    return dict(counted.order_by().values_list("state").annotate(total=Sum("issues")))
