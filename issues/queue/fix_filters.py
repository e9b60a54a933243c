"""The filters of what to fix first: one FilterSet for the page, the export and the API."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from issues.models import ApplicationMember, Fix, Software
from issues.models.fix import FixQuerySet
from issues.queue.asked import AskedFilterSet
from issues.queue.fields import NumbersFilter, TextFilter, TextsFilter, WordsFilter
from issues.queue.form import FilterForm

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class FixFilterSet(AskedFilterSet):
    """``FixFilterSet(data, user=user)``. Several values of one filter widen it, several filters narrow."""

    q = TextFilter(label="Search")
    application = TextsFilter(label="Application")
    owner = TextsFilter(label="Owner")
    exploited = WordsFilter(label="Exploited", choices=[("true", "In KEV")])
    software = NumbersFilter(label="Software product")

    class Meta:
        model = Fix
        fields: list[str] = []
        form = FilterForm

    def __init__(self, data: Any = None, *, user: User | AnonymousUser) -> None:
        super().__init__({} if data is None else data, Fix.objects.none())
        self.user = user

    @cached_property
    def found(self) -> FixQuerySet:
        """What the user may see and asked for."""
        return self.filter_queryset(Fix.objects.visible_to(self.user).closing())

    def filter_queryset(self, queryset: FixQuerySet) -> FixQuerySet:
        values = self.values
        if "application" in values:
            queryset = queryset.filter(application__in=values["application"])
        if "owner" in values:
            owners = ApplicationMember.objects.filter(role=ApplicationMember.Role.OWNER)
            owned = owners.filter(user__username__in=values["owner"])
            queryset = queryset.filter(application__in=owned.values("application"))
        if "exploited" in values:
            queryset = queryset.filter(exploited__gt=0)
        if "software" in values:
            queryset = queryset.filter(software__in=values["software"])
        return queryset.filter(software__in=_named(values["q"])) if "q" in values else queryset


def _named(text: str) -> Any:
    """Software with every word in its name or in its vendor's."""
    wanted = Q()
    for word in text.split():
        wanted &= Q(name__icontains=word) | Q(vendor__icontains=word)
    return Software.objects.filter(wanted).values("pk")
