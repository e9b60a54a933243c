"""What was found on one endpoint, software by software and version by version, the worst first."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.core.paginator import Page, Paginator

from issues.models import Endpoint, Finding, Software
from issues.severity.levels import WORST_FIRST, Level

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZE = 200  # findings of one page


class Key(NamedTuple):
    """A finding as the order needs it."""

    severity: int
    score: float
    pk: int


@dataclass(slots=True)
class Product:
    """One version of one software product. ``findings`` are those on this page, ``counts`` are of all of them."""

    software: Software
    version: str
    counts: dict[str, int]  # by severity word, the worst first
    total: int
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Installed:
    products: list[Product]
    findings: int
    versions: int  # of all products together
    page: Page[int]


def installed_on(endpoint: Endpoint, user: User, number: str | None = None) -> Installed:
    """Page ``number`` of its active findings; two queries, whatever there is."""
    groups = _groups(endpoint, user)
    keys = [key.pk for found in groups.values() for key in found]
    page = Paginator(keys, SIZE).get_page(number)
    detailed = Finding.objects.filter(pk__in=list(page.object_list)).defer("evidence")
    by_key = {f.pk: f for f in detailed.select_related("issue__software", "issue__vulnerability")}
    products: dict[tuple[int, str], Product] = {}
    for finding in (by_key[pk] for pk in page.object_list if pk in by_key):
        place = (finding.issue.software_id, finding.version)
        if place not in products:
            known = groups.get(place, [])
            products[place] = Product(finding.issue.software, finding.version, _counts(known), len(known))
        products[place].findings.append(finding)
    return Installed(list(products.values()), len(keys), len(groups), page)


def _groups(endpoint: Endpoint, user: User) -> dict[tuple[int, str], list[Key]]:
    """By software and version, the worst groups first and the worst findings first in each."""
    found: dict[tuple[int, str], list[Key]] = defaultdict(list)
    rows = endpoint.findings.visible_to(user).active().order_by()
    columns = ("issue__software", "version", "issue__severity", "issue__score", "pk")
    for software, version, severity, score, pk in rows.values_list(*columns):
        found[software, version].append(Key(severity, score, pk))
    for keys in found.values():
        keys.sort(reverse=True)
    return dict(sorted(found.items(), key=lambda group: group[1][0], reverse=True))


def _counts(keys: list[Key]) -> dict[str, int]:
    counted = Counter(key.severity for key in keys)
    return {level.word: counted[level] for level in WORST_FIRST if counted[Level(level)]}
