"""On which endpoints conditions about installed software hold: asked of the database in bulk, only where a rule asks.

Installed means: the source reports an active finding in software of that name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from issues.mapping.match import fold, holds
from issues.mapping.rule import Condition, Rule
from issues.models import Finding, Software

CHUNK = 900


def installed(rules: Iterable[Rule], endpoints: Collection[int] | None = None) -> dict[Condition, set[int]]:
    """By condition on software, the primary keys of endpoints where it holds: of all, or of those given."""
    conditions = {c for rule in rules for c in rule.conditions if c.field == "software"}
    if not conditions:
        return {}
    if endpoints is not None and not endpoints:
        return {condition: set() for condition in conditions}
    names = [(pk, [fold(name)]) for pk, name in Software.objects.order_by().values_list("pk", "name")]
    found: dict[Condition, set[int]] = {}
    for condition in conditions:
        held = holds(condition)
        found[condition] = set(_carrying([pk for pk, name in names if held(name)], endpoints))
    return found


def _carrying(software: list[int], endpoints: Collection[int] | None) -> Iterator[int]:
    """Endpoints with an active finding in one of these products."""
    wanted = None if endpoints is None else frozenset(endpoints)
    for start in range(0, len(software), CHUNK):
        rows = Finding.objects.active().filter(issue__software__in=software[start : start + CHUNK])
        if wanted is not None and len(wanted) <= CHUNK:
            rows = rows.filter(endpoint__in=wanted)
        keys = rows.order_by().values_list("endpoint_id", flat=True).distinct()
        yield from (key for key in keys.iterator() if wanted is None or key in wanted)
