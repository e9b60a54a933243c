"""The filters of applications as the page shows them: options with their counts, and chips for those in use."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from django.http import QueryDict

from issues.queue.address import Address
from issues.queue.application_filters import NOBODY, READ, ApplicationFilterSet
from issues.queue.listing import Chip, Facet, Option

SHOWN = 20  # options of one facet; further ones are found by the search
NOBODYS = "Nobody"


def facets_of(filters: ApplicationFilterSet, address: Address) -> list[Facet]:
    """An application counts for an option when every filter but the option's own lets it pass."""
    facets = []
    for name, read in READ.items():
        counted = chain.from_iterable(read(it) for it, fails in filters.judged if not fails or fails == [name])
        facets.append(_facet(name, filters, Counter(counted), address))
    return facets


def _facet(name: str, filters: ApplicationFilterSet, counter: Counter[str], address: Address) -> Facet:
    chosen = filters.wanted.get(name, ())
    options = [
        Option(value, label, counter[value], value in chosen, address.toggled(name, value))
        for value, label in _labels(name, filters, counter).items()
        if counter[value] or value in chosen
    ]
    return Facet(name, str(filters.filters[name].label), options)


def _labels(name: str, filters: ApplicationFilterSet, counter: Counter[str]) -> dict[str, str]:
    """Every option there may be, in its order: known words as they are declared, else the most frequent texts."""
    if words := filters.filters[name].extra.get("choices"):
        return {value: str(label) for value, label in words}
    most = [value for value, _ in counter.most_common(SHOWN)]
    return {value: NOBODYS if value == NOBODY else value for value in (*most, *filters.wanted.get(name, ()))}


def chips_of(filters: ApplicationFilterSet, facets: list[Facet], query: QueryDict, address: Address) -> list[Chip]:
    """One for each value in the address that means something."""
    labels = {facet.name: {option.value: option.label for option in facet.options} for facet in facets}
    chips = []
    for name in filters.values:
        label = str(filters.filters[name].label)
        for value in dict.fromkeys(query.getlist(name)):
            if text := value.strip():
                shown = labels.get(name, {}).get(text.casefold(), text)
                chips.append(Chip(name, label, shown, address.without(name, value)))
    return chips
