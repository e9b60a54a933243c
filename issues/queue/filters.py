"""The filters of the queue: one FilterSet for the page and for the API.

Filters of two kinds. *Dimensions* are columns of ``IssueCount`` as well, so that counts need no look at an
issue. The others narrow the issues themselves, by ids that an index leads to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.db.models.lookups import GreaterThan

from connectors.models import Connection
from connectors.sources.registry import PRODUCTS
from issues.models import Application, ApplicationTag, Issue, Vulnerability
from issues.models.application import UNASSIGNED
from issues.models.issue import IssueQuerySet
from issues.queue.application_filters import PRIORITIES
from issues.queue.asked import AskedFilterSet
from issues.queue.cells import COLUMNS, Cell, Wanted, failing
from issues.queue.fields import NumbersFilter, TextFilter, TextsFilter, WordsFilter
from issues.queue.form import FilterForm
from issues.queue.names import Search
from issues.queue.ordering import DEFAULT, Sort
from issues.queue.owned import Owned
from issues.severity.factors import bits_of
from issues.severity.levels import WORST_FIRST, Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

Condition = Q | GreaterThan  # what ``filter`` takes
FEW = 1_000  # issues whose keys are asked for before anything else
SEVERITIES = [(level.word, level.label) for level in WORST_FIRST]
TOOLS = [(product.source_tool, product.source_tool) for product in PRODUCTS.values()]
CHANGES = [("raised", "Raised"), ("lowered", "Lowered"), ("same", "Unchanged")]
CHANGE_CONDITIONS = {
    "raised": Q(severity__gt=F("vendor_severity")),
    "lowered": Q(severity__lt=F("vendor_severity")),
    "same": Q(severity=F("vendor_severity")),
}


class IssueFilterSet(AskedFilterSet):
    """``IssueFilterSet(data, queryset, user=user)``; ``qs`` holds what passes all filters that are valid."""

    source_tool = WordsFilter(label="Source tool", choices=TOOLS)
    connection = NumbersFilter(label="Connection")
    severity = WordsFilter(label="Severity", choices=SEVERITIES)
    vendor_severity = WordsFilter(label="Vendor severity", choices=SEVERITIES)
    change = WordsFilter(label="Reprioritised", choices=CHANGES)
    factor = TextsFilter(label="Severity factor")
    application = TextsFilter(label="Application")
    application_tag = TextsFilter(label="Application tag")
    business_priority = WordsFilter(label="Business priority", choices=PRIORITIES)
    owner = TextsFilter(label="Owner")
    cve = TextsFilter(label="CVE")
    kev = WordsFilter(label="In KEV", choices=[("true", "Listed"), ("false", "Not listed")])
    epss_min = django_filters.NumberFilter(label="EPSS at least", min_value=0, max_value=1)
    epss_max = django_filters.NumberFilter(label="EPSS at most", min_value=0, max_value=1)
    software = TextFilter(label="Software")
    endpoint = TextFilter(label="Endpoint")
    state = WordsFilter(label="State", choices=Issue.State.choices)
    q = TextFilter(label="Search")
    ordering = TextFilter(label="Order")

    class Meta:
        model = Issue
        fields: list[str] = []
        form = FilterForm

    def __init__(
        self,
        data: Any = None,
        queryset: QuerySet[Issue] | None = None,
        *,
        request: Any = None,
        prefix: str | None = None,
        user: User | AnonymousUser | None = None,
        default_states: tuple[str, ...] = (),
        connectors: dict[int, str] | None = None,
    ) -> None:
        """``connectors``: the connector of every connection, for a caller that knows them already."""
        super().__init__({} if data is None else data, queryset, request=request, prefix=prefix)
        self.user = user if user is not None else request.user
        self.default_states = default_states
        self.connectors = connectors

    @property
    def notes(self) -> list[str]:
        """Sentences on limits that bit."""
        self.row_conditions  # noqa: B018  looks the names up
        return self._search.notes

    @property
    def priorities(self) -> list[dict[str, Any]]:
        """Business priorities as options of a facet, without counts."""
        chosen = self.values.get("business_priority", ())
        return [{"value": word, "label": label, "selected": word in chosen} for word, label in PRIORITIES]

    @property
    def sort(self) -> Sort:
        text: str = self.values.get("ordering", "")
        return Sort.of(text) if text else DEFAULT

    @property
    def states(self) -> tuple[str, ...]:
        """The states that were asked for, else the default; all visible ones when there is none."""
        return tuple(self.values.get("state", ())) or self.default_states or tuple(Issue.State.values)

    @cached_property
    def wanted(self) -> dict[str, frozenset[Any]]:
        """By dimension, the values that pass, as the columns hold them; a dimension without a filter is missing."""
        values = self.values
        found: dict[str, frozenset[Any]] = {
            name: frozenset(values[name]) for name in ("connection", "application", "change") if name in values
        }
        for name in ("severity", "vendor_severity"):
            if name in values:
                found[name] = frozenset(Level.of(word).value for word in values[name])
        if "source_tool" in values:
            found["source_tool"] = frozenset(self._connections_of(values["source_tool"]))
        if "application_tag" in values:
            found["application_tag"] = frozenset(_tagged(values["application_tag"]))
        if "business_priority" in values:
            found["business_priority"] = frozenset(_of_priority(values["business_priority"]))
        if set(self.states) != set(Issue.State.values):
            found["state"] = frozenset(self.states)
        return found

    def _connections_of(self, tools: list[str]) -> Iterable[int]:
        connectors = [key for key, product in PRODUCTS.items() if product.source_tool in tools]
        if self.connectors is not None:
            return [pk for pk, connector in self.connectors.items() if connector in connectors]
        return Connection.objects.filter(connector__in=connectors).values_list("pk", flat=True)

    @cached_property
    def owned(self) -> Owned | None:
        """Whose issues are asked for; None when anybody's are."""
        return Owned.by(self.values["owner"]) if "owner" in self.values else None

    @cached_property
    def row_conditions(self) -> list[Condition]:
        """Conditions that only an issue itself can answer; the names are looked up once."""
        values, search = self.values, self._search
        questions = {"cve": search.cves, "software": search.software, "endpoint": search.endpoint, "q": search.anything}
        found: list[Condition] = [ask(values[name]) for name, ask in questions.items() if name in values]
        if said := {name: values[name] for name in ENRICHED if name in values}:
            found.append(_with_vulnerability(said))
        return [*found, *([_with_factor(values["factor"])] if "factor" in values else [])]

    @cached_property
    def _search(self) -> Search:
        return Search(self.user)

    @cached_property
    def few(self) -> list[int] | None:
        """The keys of what passes the conditions on issues; None when those are none, or more than ``FEW`` pass.

        Asked without state and order: without statistics SQLite would rather walk the index of an order than
        go where few issues are.
        """
        if not self.row_conditions:
            return None
        counted = Issue.objects.counted().filter(*self.row_conditions).order_by()
        keys = list(counted.values_list("pk", flat=True)[: FEW + 1])
        return keys if len(keys) <= FEW else None

    def filter_queryset(self, queryset: IssueQuerySet) -> IssueQuerySet:
        if self.owned is not None:
            queryset = queryset.filter(self.owned.condition)
        return self.filter_unowned(queryset)

    def filter_unowned(self, queryset: IssueQuerySet) -> IssueQuerySet:
        """By everything but the owner."""
        if self.few is None:
            return queryset.filter(*self.row_conditions, *conditions(self.wanted))
        rows = Issue.objects.filter(pk__in=self.few).order_by().values_list("pk", *COLUMNS)
        return queryset.filter(pk__in=[pk for pk, *row in rows if not failing(Cell(*row), self.wanted)])


def conditions(wanted: Wanted) -> list[Q]:
    """On columns that ``Issue`` and ``IssueCount`` share."""
    return [CONDITIONS[name](frozenset(values)) for name, values in wanted.items()]


def _changed(words: frozenset[str]) -> Q:
    found = Q(pk__in=[])
    for word in sorted(words):
        found |= CHANGE_CONDITIONS[word]
    return found


def _one_of(column: str) -> Callable[[frozenset[Any]], Q]:
    def condition(values: frozenset[Any]) -> Q:
        only = next(iter(values)) if len(values) == 1 else None
        return Q(**{f"{column}__in": sorted(values)}) if only is None else Q(**{column: only})

    return condition


# Written with the columns of an index themselves, never over a join.
CONDITIONS: dict[str, Callable[[frozenset[Any]], Q]] = {
    "source_tool": _one_of("connection"),
    "connection": _one_of("connection"),
    "severity": _one_of("severity"),
    "vendor_severity": _one_of("vendor_severity"),
    "change": _changed,
    "application": _one_of("application"),
    "application_tag": _one_of("application"),
    "business_priority": _one_of("application"),
    "state": _one_of("state"),
}


def _tagged(tags: list[str]) -> QuerySet[ApplicationTag, int]:
    found = ApplicationTag.objects.filter(name__in=[tag.casefold() for tag in tags])
    return found.values_list("application_id", flat=True)


def _of_priority(words: list[str]) -> QuerySet[Application, int]:
    found = Application.objects.exclude(slug=UNASSIGNED).filter(business_priority__in=[int(word) for word in words])
    return found.values_list("pk", flat=True)


def _with_factor(codes: list[str]) -> Condition:
    """Issues that any of the factors touches, weighed or not."""
    return GreaterThan(F("factor_bits").bitand(bits_of(codes)), 0)


ENRICHED = ("kev", "epss_min", "epss_max")


def _with_vulnerability(said: dict[str, Any]) -> Q:
    """By what the feeds say of a CVE; one that they say nothing of passes no bound."""
    bounds: dict[str, Any] = {}
    if "kev" in said:
        bounds["kev__in"] = [word == "true" for word in said["kev"]]
    if "epss_min" in said:
        bounds["epss__gte"] = float(said["epss_min"])
    if "epss_max" in said:
        bounds["epss__lte"] = float(said["epss_max"])
    return Q(vulnerability__in=Vulnerability.objects.filter(**bounds).values("pk"))
