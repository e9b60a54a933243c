"""The filters of endpoints: one FilterSet for the list, for the page of an application and for the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from issues.models import Endpoint, MappingRule
from issues.models.endpoint import STALE_AFTER, EndpointQuerySet
from issues.queue.asked import AskedFilterSet
from issues.queue.fields import NumbersFilter, TextFilter, TextsFilter, WordsFilter
from issues.queue.form import FilterForm

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

SCANS = [("fresh", f"Within {STALE_AFTER.days} days"), ("stale", "Stale"), ("never", "Never")]
PINNED, NO_RULE = "pinned", "none"


class EndpointForm(FilterForm):
    """Knows what can have mapped an endpoint."""

    def clean_mapped(self) -> list[str]:
        said: list[str] = self.cleaned_data["mapped"]
        rules = [text for text in said if text not in (PINNED, NO_RULE)]
        for text in rules:
            if not (text.isascii() and text.isdigit() and len(text) <= 18):
                raise ValidationError(
                    f"“{text[:40]}” is not “{PINNED}”, “{NO_RULE}” or the id of a rule.", code="invalid"
                )
        known = set(MappingRule.objects.filter(pk__in=rules).values_list("pk", flat=True)) if rules else set()
        for text in rules:
            if int(text) not in known:
                raise ValidationError(f"There is no mapping rule “{text}” any more.", code="unknown")
        return said


class EndpointFilterSet(AskedFilterSet):
    """``EndpointFilterSet(data, user=user)``; ``filter_queryset`` leaves what passes all filters that are valid."""

    q = TextFilter(label="Part of the name, or the source’s id")
    application = TextsFilter(label="Application")
    connection = NumbersFilter(label="Connection")
    external_id = TextFilter(label="The source’s id")
    type = TextsFilter(label="Type")
    os = TextsFilter(label="Operating system")
    site = TextsFilter(label="Site")
    scan = WordsFilter(label="Last scan", choices=SCANS)
    mapped = TextsFilter(label="Mapped by: pinned, none, or the id of a rule")

    class Meta:
        model = Endpoint
        fields: list[str] = []
        form = EndpointForm

    def __init__(self, data: Any = None, *, user: User | AnonymousUser) -> None:
        super().__init__({} if data is None else data)
        self.user = user

    def filter_queryset(self, queryset: EndpointQuerySet) -> EndpointQuerySet:
        return queryset.filter(*(CONDITIONS[name](value) for name, value in self.values.items()))


def _scanned(words: list[str]) -> Q:
    long_ago = timezone.now() - STALE_AFTER
    said = {
        "fresh": Q(last_scan_at__gte=long_ago),
        "stale": Q(last_scan_at__lt=long_ago),
        "never": Q(last_scan_at=None),
    }
    return _any(said[word] for word in words)


def _mapped(words: list[str]) -> Q:
    """A pinned endpoint counts as pinned, whatever rule had it before."""
    said = {PINNED: Q(pinned=True), NO_RULE: Q(pinned=False, mapped_by=None)}
    return _any(said.get(word) or Q(pinned=False, mapped_by=word) for word in words)


def _any(conditions: Any) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


CONDITIONS: dict[str, Any] = {
    "q": lambda text: Q(name__icontains=text) | Q(external_id=text),
    "application": lambda keys: Q(application__in=keys),
    "connection": lambda keys: Q(connection__in=keys),
    "external_id": lambda text: Q(external_id=text),
    "type": lambda words: Q(type__in=words),
    "os": lambda words: Q(os__in=words),
    "site": lambda names: Q(site_name__in=names),
    "scan": _scanned,
    "mapped": _mapped,
}
