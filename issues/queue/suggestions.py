"""Rules that would find a place for endpoints which no rule claims, read from what those endpoints have in common.

``suggestions(user)`` answers the context variable ``suggestions`` of ``issues/mapping/_suggestions.html``; the page of
Unassigned and the mapping page show it. Every number is what the rule would really move: it is counted among
unpinned endpoints of Unassigned, in the way rules compare (small letters). Nothing is stored.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Func, Max, Value
from django.db.models.functions import Left, StrIndex, Substr
from django.urls import reverse

from connectors.access import Action, may
from issues.models import Endpoint
from issues.models.application import UNASSIGNED
from issues.models.endpoint import EndpointQuerySet
from issues.queue.common_parts import application_name, prefix_of, unit_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST, MOST_ALIKE = 6, 3  # suggestions shown, and those of one field
KEPT = 300  # seconds
LEAST = 2  # endpoints that share something
TELLING = frozenset(
    {"app", "application", "appname", "app-name", "service", "system", "product", "project", "workload"}
)
SILENT = frozenset({"env", "environment", "stage", "tier", "os", "region", "zone", "exposure", "criticality", "owner"})
COMMON_GROUPS = frozenset({"default group", "default site"})
# How likely an endpoint that shares this belongs to the same application.
WEIGHTS = {"telling tag": 8.0, "tag": 3.0, "ou": 2.0, "group": 2.0, "name": 1.5, "site": 1.0}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One rule: ``field operator value`` leads to ``application``, or to one ``application_per`` value."""

    endpoints: int
    shared: str  # "carry the tag app=payments": goes on from "42 endpoints"
    field: str
    operator: str
    value: str
    application: str = ""
    application_per: str = ""
    weight: float = 1.0

    @property
    def url(self) -> str:
        """The editor with this rule as a draft."""
        names = ("field", "operator", "value", "application", "application_per")
        asked = {name: getattr(self, name) for name in names if getattr(self, name)}
        return f"{reverse('mapping')}?{urlencode(asked)}"

    @property
    def target(self) -> str:
        if self.application:
            return self.application
        kind, _, key = self.application_per.partition(":")
        return f"one application per value of {key}" if key else f"one application per {kind}"


def suggestions(user: User) -> list[Suggestion]:
    """The best first, at most ``MOST``; none for somebody who may not change the rules. At most six queries.

    They are kept for some minutes, as long as the same number of endpoints waits: with tags that differ on each of
    30,000 endpoints they take a third of a second.
    """
    if not may(user, Action.MANAGE_APPLICATIONS):
        return []
    loose = Endpoint.objects.filter(application__slug=UNASSIGNED, pinned=False).order_by()
    waiting = loose.aggregate(n=Count("pk"), newest=Max("pk"))
    key = f"suggestions-{waiting['n']}-{waiting['newest']}"
    found = cache.get(key) if waiting["n"] else []
    if found is None:
        found = _best(loose)
        cache.set(key, found, KEPT)
    return cast("list[Suggestion]", found)


def _best(loose: EndpointQuerySet) -> list[Suggestion]:
    found = [*_from_tags(loose, "tags"), *_from_tags(loose, "cloud_tags"), *_from_places(loose), *_from_names(loose)]
    found.sort(key=lambda each: (-each.weight * each.endpoints, each.field, each.value))
    shown: list[Suggestion] = []
    for each in found:
        if len(shown) < MOST and sum(other.field == each.field for other in shown) < MOST_ALIKE:
            shown.append(each)
    return shown


def _from_tags(loose: EndpointQuerySet, column: str) -> Iterator[Suggestion]:
    """A key with several values makes one application for each; a key with one value is that application."""
    carried: Counter[str] = Counter()
    values: dict[str, Counter[str]] = defaultdict(Counter)
    spelled: dict[str, str] = {}
    # Endpoints that carry the same tags are counted by the database.
    for tags, number in loose.exclude(**{column: []}).values_list(column).annotate(n=Count("pk")):
        pairs = {(fold(key), fold(value)): value.strip() for key, value in tags if value.strip()}
        for key, folded in pairs:
            values[key][folded] += number
            spelled.setdefault(folded, pairs[key, folded])
        for key in {key for key, _ in pairs}:
            carried[key] += number
    for key, number in carried.items():
        if key not in SILENT and ":" not in key:
            yield from _from_key(column, key, number, values[key], spelled)


def _from_key(
    column: str, key: str, carried: int, values: Counter[str], spelled: dict[str, str]
) -> Iterator[Suggestion]:
    kind, noun = ("tag", "tag") if column == "tags" else ("cloud_tag", "cloud tag")
    weight = WEIGHTS["telling tag" if key in TELLING else "tag"]
    if carried < LEAST or carried < 2 * (len(values) - 1):
        return  # what is different on almost every endpoint names none of them
    if len(values) > 1 and kind == "tag":  # rules make an application per tag, not per cloud tag
        said = f"carry the tag {key}, with {len(values):,} values"
        yield Suggestion(carried, said, f"tag:{key}", "exists", "", application_per=f"tag:{key}", weight=weight)
    else:
        folded, number = values.most_common(1)[0]
        value = spelled[folded]
        said = f"carry the {noun} {key}={value}"
        yield Suggestion(number, said, f"{kind}:{key}", "is", value, application=value[:200], weight=weight)


def fold(text: str) -> str:
    """As rules compare."""
    return text.strip().casefold()


def _from_places(loose: EndpointQuerySet) -> Iterator[Suggestion]:
    sites: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    for site, group, number in loose.values_list("site_name", "group_name").annotate(n=Count("pk")):
        sites[site] += number
        groups[group] += number
    del sites[""], groups[""]
    if len(sites) > 1:
        shared = f"stand in {len(sites):,} sites"
        number = sum(sites.values())
        yield Suggestion(number, shared, "site", "exists", "", application_per="site", weight=WEIGHTS["site"])
    elif sites:
        (site, number), *_ = sites.items()
        yield from _one("site", site, number, f"stand in the site {site}", site)
    for group, number in groups.items():
        if group.casefold() not in COMMON_GROUPS:
            yield from _one("group", group, number, f"are in the group {group}", group)


def _from_names(loose: EndpointQuerySet) -> Iterator[Suggestion]:
    """How names begin, and in which organisational unit computers are: cut and counted by the database."""
    beginnings = Left("name", StrIndex("name", Value("-")))
    for prefix, number in _summed(loose.filter(name__contains="-"), beginnings, prefix_of).items():
        yield from _one("name", f"{prefix}*", number, f"have a name that begins with {prefix}", prefix.rstrip("-"))
    parents = Substr("ou", StrIndex("ou", Value(",")) + 1)
    for unit, number in _summed(loose.filter(ou__contains=","), parents, unit_of).items():
        said = f"are in the organisational unit {application_name(unit)}"
        yield from _one("ou", f"*,{unit}", number, said, unit)


def _summed(loose: EndpointQuerySet, part: Func, read: Callable[[str], str]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for text, number in loose.annotate(part=part).values_list("part").annotate(n=Count("pk")):
        sums[read(text)] += number
    del sums[""]
    return sums


def _one(field: str, value: str, number: int, shared: str, name: str) -> Iterator[Suggestion]:
    """A rule with one value that leads to one application of that name."""
    if number >= LEAST:
        operator = "glob" if field in ("name", "ou") else "is"
        yield Suggestion(
            number, shared, field, operator, value, application=application_name(name), weight=WEIGHTS[field]
        )
