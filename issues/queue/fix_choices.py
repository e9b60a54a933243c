"""What the filters of the page of fixes offer: applications and owners that the user may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import QueryDict

from issues.models import Application, ApplicationMember

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST = 1_000  # of each


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    selected: bool


def choices_of(user: User, query: QueryDict) -> dict[str, list[Choice]]:
    """By filter, in two questions; of several values in the address all are selected."""
    visible = Application.objects.visible_to(user)
    owners = ApplicationMember.objects.filter(
        role=ApplicationMember.Role.OWNER, application__in=visible.order_by().values("pk")
    )
    names = owners.order_by("user__username").values_list("user__username", flat=True).distinct()[:MOST]
    chosen, owned = query.getlist("application"), query.getlist("owner")
    applications = visible.order_by("name").values_list("slug", "name")[:MOST]
    return {
        "application": [Choice(slug, name, slug in chosen) for slug, name in applications],
        "owner": [Choice(name, name, name in owned) for name in names],
    }
