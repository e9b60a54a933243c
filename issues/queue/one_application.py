"""One application: its numbers, its people, how its endpoints came to it, and its worst issues."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum
from django.utils import timezone

from issues.models import Application, ApplicationMember, Endpoint, Fix, Issue, MappingRule
from issues.models.endpoint import STALE_AFTER, mapping_reason
from issues.queue.application_numbers import Numbers, numbers_of
from issues.queue.endpoint_filters import NO_RULE, PINNED

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which endpoints came here. ``value`` is what the filter "mapped" calls it."""

    value: str
    rule: MappingRule | None
    reason: str
    endpoints: int
    order: int | None = None  # of the rule, counted from 1


@dataclass(frozen=True, slots=True)
class Ways:
    ways: list[Way]
    stale: int  # endpoints that were not scanned for long

    @property
    def endpoints(self) -> int:
        return sum(way.endpoints for way in self.ways)


@dataclass(frozen=True, slots=True)
class Software:
    """What the table of fixes says as a whole."""

    products: int
    exploited: int  # issues whose CVE is in KEV


def numbers_here(application: Application) -> Numbers:
    """Of active issues and of endpoints."""
    return numbers_of([application.pk]).get(application.pk, Numbers())


def people_of(application: Application) -> dict[str, list[str]]:
    """User names by the label of their role, owners first; a role that nobody has is missing."""
    found: dict[str, list[str]] = defaultdict(list)
    members = application.members.select_related("user").order_by("user__username")
    for member in members:
        found[ApplicationMember.Role(member.role).label].append(member.user.get_username())
    return {role.label: found[role.label] for role in ApplicationMember.Role if role.label in found}


def software_here(application: Application) -> Software:
    found = Fix.objects.filter(application=application, issues__gt=0).aggregate(n=Count("pk"), kev=Sum("exploited"))
    return Software(found["n"], found["kev"] or 0)


def ways_into(application: Application) -> Ways:
    """By rule in the order of rules, then pins, then what no rule matched. In two queries."""
    long_ago = timezone.now() - STALE_AFTER
    groups = list(
        Endpoint.objects.filter(application=application)
        .order_by()
        .values_list("pinned", "mapped_by")
        .annotate(n=Count("pk"), stale=Count("pk", filter=Q(last_scan_at__lt=long_ago)))
    )
    endpoints: dict[str, int] = defaultdict(int)
    for pinned, rule, number, _ in groups:
        endpoints[PINNED if pinned else str(rule or NO_RULE)] += number
    rules = MappingRule.objects.select_related("application")
    ways = [
        Way(str(rule.pk), rule, rule.name, endpoints[str(rule.pk)], order)
        for order, rule in enumerate(rules, start=1)
        if str(rule.pk) in endpoints
    ]
    unassigned = application.is_unassigned
    for word in (PINNED, NO_RULE):
        if word in endpoints:
            reason = mapping_reason(pinned=word == PINNED, rule="", unassigned=unassigned)
            ways.append(Way(word, None, reason, endpoints[word]))
    return Ways(ways, sum(stale for *_, stale in groups))


def worst_issues(user: User, application: Application, number: int) -> list[Issue]:
    """Active ones, straight from the index of its issues."""
    found = Issue.objects.visible_to(user).filter(application=application, state=Issue.State.ACTIVE)
    return list(found.for_listing().order_by("-severity", "-score", "-pk")[:number])
