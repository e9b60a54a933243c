"""What the selects above a list of endpoints offer: only what there is among the endpoints that the user sees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from issues.models import Application, MappingRule
from issues.models.endpoint import EndpointQuerySet
from issues.queue.endpoint_filters import NO_RULE, PINNED, SCANS, EndpointFilterSet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST = 100  # options of one select, those of most endpoints; the search finds the rest
WORDS = {"macos": "macOS"}


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Select:
    """One filter; ``empty`` is what it says when nothing is chosen."""

    name: str
    label: str
    empty: str
    options: list[Option]

    @property
    def is_useful(self) -> bool:
        """A choice among one is none."""
        return len(self.options) > 1 or any(option.selected for option in self.options)


def selects_of(
    filters: EndpointFilterSet, endpoints: EndpointQuerySet, user: User, application: Application | None
) -> list[Select]:
    """``endpoints``: all that the user sees there, not filtered. In four queries."""
    counted = _count(endpoints)
    asked = {name: filters.data.getlist(name) if hasattr(filters.data, "getlist") else [] for name in filters.filters}
    applications = [] if application is not None else [("application", "Application", "Every application", _apps(user))]
    described = [
        *applications,
        ("type", "Type", "Every type", _words(counted["type"], str.capitalize)),
        ("os", "Operating system", "Every system", _words(counted["os"], _system)),
        ("site", "Site", "Every site", _words(counted["site"], str)),
        ("scan", "Last scan", "Any last scan", SCANS),
        ("mapped", "Mapped by", "Mapped by anything", _mapped(counted["mapped"])),
    ]
    return [Select(name, label, empty, _options(pairs, asked[name])) for name, label, empty, pairs in described]


def _count(endpoints: EndpointQuerySet) -> dict[str, Counter[str]]:
    """How many endpoints say what. Sites are counted apart: there may be many, and all combinations are many more."""
    found: dict[str, Counter[str]] = {name: Counter() for name in ("type", "os", "site", "mapped")}
    rows = endpoints.order_by().values_list("type", "os", "pinned", "mapped_by").annotate(n=Count("pk"))
    for kind, os, pinned, rule, number in rows:
        found["type"][kind] += number
        found["os"][os] += number
        found["mapped"][PINNED if pinned else str(rule or NO_RULE)] += number
    found["site"].update(dict(endpoints.order_by().values_list("site_name").annotate(n=Count("pk"))))
    for counted in found.values():
        del counted[""]
    return found


def _words(counted: Counter[str], label: object) -> list[tuple[str, str]]:
    return sorted((value, label(value)) for value, _ in counted.most_common(MOST))  # type: ignore[operator]


def _system(word: str) -> str:
    return WORDS.get(word, word.capitalize())


def _apps(user: User) -> list[tuple[str, str]]:
    found = Application.objects.visible_to(user).order_by("name").values_list("slug", "name")
    return list(found[: 5 * MOST])


def _mapped(counted: Counter[str]) -> list[tuple[str, str]]:
    rules = MappingRule.objects.filter(pk__in=[key for key in counted if key.isdigit()]).order_by("position")
    plain = ((PINNED, "A person: pinned"), (NO_RULE, "No rule"))
    return [
        *((word, label) for word, label in plain if counted[word]),
        *((str(rule.pk), f"Rule: {rule.name}") for rule in rules),
    ]


def _options(pairs: Iterable[tuple[str, str]], asked: Collection[str]) -> list[Option]:
    """What was asked for is offered even when nothing has it any more."""
    pairs = list(pairs)
    known = {value for value, _ in pairs}
    gone = [(value, value[:40]) for value in dict.fromkeys(asked) if value and value not in known]
    return [Option(value, label, value in asked) for value, label in [*pairs, *gone]]
