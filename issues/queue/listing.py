"""What the issues page shows: filters with their counts, chips, rows, and the way to the next ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import QueryDict

from connectors.access import Action, may
from connectors.models import Connection
from issues.models import Application, Issue
from issues.models.issue import IssueQuerySet
from issues.queue.address import PLACE, Address
from issues.queue.facets import FACETS, MOST, Counts, count
from issues.queue.filters import IssueFilterSet
from issues.queue.keyset import BadCursor, Page
from issues.queue.labels import Choice, choices_of
from issues.queue.ordering import LABELS, Sort, first_click
from issues.queue.rows import page_of_issues, visible_issues

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SIZE = 50
OF_SEVERITY = ("severity", "vendor_severity")
FOLDED = ("connection", "vendor_severity")  # closed until one of their options is chosen
ALWAYS_LISTED = ("severity", "state", "change", "source_tool")  # their options show even when they would find nothing


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a facet. ``query`` is the address with it switched; ``severity`` is its word where it is one."""

    value: str
    label: str
    count: int
    selected: bool
    query: str
    severity: str | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    options: list[Option]

    @property
    def chosen(self) -> int:
        return sum(option.selected for option in self.options)

    @property
    def open(self) -> bool:
        return self.name not in FOLDED or self.chosen > 0


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter. ``query`` is the address without it."""

    name: str
    label: str
    value: str
    query: str


@dataclass(frozen=True, slots=True)
class Column:
    """``direction`` is "ascending", "descending" or empty, as ``aria-sort`` says it; ``query`` sorts by it."""

    name: str
    label: str
    direction: str
    query: str


@dataclass(frozen=True, slots=True)
class Listing:
    """``next`` and ``previous`` are querystrings, empty at the ends; ``total_text`` says when there are more."""

    filters: IssueFilterSet
    sort: Sort
    rows: list[Issue]
    total: int
    total_text: str
    next: str
    previous: str
    chips: list[Chip]
    facets: list[Facet]
    columns: list[Column]
    problems: list[str] = field(default_factory=list)  # filters that were ignored, and why
    notes: list[str] = field(default_factory=list)  # limits that bit


def list_issues(
    user: User,
    query: QueryDict,
    application: Application | None = None,
    *,
    size: int = SIZE,
    connections: Sequence[Connection] | None = None,
) -> Listing:
    """One page of the queue as the address asks for it; with ``application`` only its issues.

    The caller makes sure that the user may see the application. Without a ``state`` the active ones are listed.
    ``connections``: all there are, for a caller that has asked for them already.
    """
    connections = list(Connection.objects.all() if connections is None else connections)
    connectors = {c.pk: c.connector for c in connections}
    filters = _filters(user, query, connectors)
    issues = visible_issues(user)
    if application is not None:
        issues = issues.filter(application=application)
    problems = list(filters.problems.values())
    page = _page(filters, issues, size, query.get(PLACE, ""), problems)

    address = Address(query)
    counts = count(filters, user, connectors, application.pk if application else None)
    choices = choices_of(counts, connections, filters.wanted.get("application", frozenset()))
    hidden = {"application"} if application is not None else set()
    if not may(user, Action.SEE_CONNECTIONS):
        hidden.add("connection")
    shown = {name: choices[name] for name in FACETS if name not in hidden}
    return Listing(
        filters=filters,
        sort=filters.sort,
        rows=page.rows,
        total=counts.total,
        total_text=f"More than {MOST:,}" if counts.capped else f"{counts.total:,}",
        next=address.with_only(**{PLACE: page.next}) if page.next else "",
        previous=address.with_only(**{PLACE: page.previous}) if page.previous else "",
        chips=_chips(filters, query, address, choices),
        facets=[_facet(name, filters, counts, options, address) for name, options in shown.items()],
        columns=_columns(filters.sort, address),
        problems=problems,
        notes=filters.notes,
    )


def _filters(user: User, query: QueryDict, connectors: dict[int, str]) -> IssueFilterSet:
    data = query.copy()
    data.setlist("ordering", data.getlist("sort")[-1:])
    return IssueFilterSet(data, user=user, default_states=(Issue.State.ACTIVE.value,), connectors=connectors)


def _page(filters: IssueFilterSet, issues: IssueQuerySet, size: int, cursor: str, problems: list[str]) -> Page[Issue]:
    try:
        return page_of_issues(filters, issues, filters.sort, size, cursor)
    except BadCursor as error:
        problems.append(str(error))
        return page_of_issues(filters, issues, filters.sort, size)


def _facet(name: str, filters: IssueFilterSet, counts: Counts, choices: list[Choice], address: Address) -> Facet:
    wanted, said = filters.wanted.get(name, frozenset()), filters.values.get(name, ())

    def is_on(choice: Choice) -> bool:  # a source tool is wanted as its connections, so it is looked up as said
        return choice.key in wanted or choice.value in said

    counter = counts.by[name]
    options = [
        Option(
            c.value,
            c.label,
            counter[c.key],
            is_on(c),
            address.toggled(name, c.value),
            c.value if name in OF_SEVERITY else None,
        )
        for c in choices
        if counter[c.key] or is_on(c) or name in ALWAYS_LISTED
    ]
    return Facet(name, str(filters.filters[name].label), options)


def _chips(filters: IssueFilterSet, query: QueryDict, address: Address, choices: dict[str, list[Choice]]) -> list[Chip]:
    chips = []
    for name, declared in filters.filters.items():
        if name == "ordering" or name not in filters.values:
            continue
        labels = {word.casefold(): label for word, label in declared.extra.get("choices", ())}
        labels |= {c.value.casefold(): c.label for c in choices.get(name, ())}
        for value in dict.fromkeys(query.getlist(name)):
            if text := value.strip():
                label = labels.get(text.casefold(), text)
                chips.append(Chip(name, str(declared.label), label, address.without(name, value)))
    return chips


def _columns(sort: Sort, address: Address) -> list[Column]:
    columns = []
    for name, label in LABELS.items():
        active = name == sort.name
        following = Sort(name, sort.columns, not sort.descending) if active else first_click(name)
        direction = ("descending" if sort.descending else "ascending") if active else ""
        columns.append(Column(name, label, direction, address.with_only(sort=str(following))))
    return columns
