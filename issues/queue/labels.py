"""The words for the values of facets: names of connections and applications, labels of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from connectors.models import Connection
from connectors.sources.registry import PRODUCTS
from issues.models import Application, Issue
from issues.queue.facets import Counts
from issues.queue.filters import CHANGES
from issues.severity.factors import FACTORS
from issues.severity.levels import WORST_FIRST

SHOWN = 20  # applications listed; further ones are found by the application's own page or by search


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: as the column holds it, as the address says it, and as people read it."""

    key: Any
    value: str
    label: str


def choices_of(counts: Counts, connections: Iterable[Connection], selected: frozenset[int]) -> dict[str, list[Choice]]:
    """By facet. ``selected``: applications that are listed whatever their number."""
    levels = [Choice(level.value, level.word, str(level.label)) for level in WORST_FIRST]
    return {
        "source_tool": [Choice(p.key, p.source_tool, p.source_tool) for p in PRODUCTS.values()],
        "connection": [Choice(c.pk, str(c.pk), c.name) for c in connections if counts.by["connection"][c.pk]],
        "severity": levels,
        "vendor_severity": levels,
        "change": [Choice(word, word, label) for word, label in CHANGES],
        "factor": [Choice(code, code, factor.name) for code, factor in FACTORS.items()],
        "application": _applications(counts.by["application"], selected),
        "state": [Choice(state.value, state.value, str(state.label)) for state in Issue.State],
    }


def _applications(counter: Counter[int], selected: frozenset[int]) -> list[Choice]:
    """The largest first."""
    keys = {pk for pk, _ in counter.most_common(SHOWN)} | selected
    found = Application.objects.filter(pk__in=keys) if keys else []
    return [Choice(a.pk, a.slug, a.name) for a in sorted(found, key=lambda a: (-counter[a.pk], a.name))]
