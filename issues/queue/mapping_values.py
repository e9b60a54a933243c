"""What the fields of a mapping rule offer while one types, and how many endpoints each rule decided."""

from __future__ import annotations

from django.db.models import Count

from connectors.models import Resource
from issues.models import Application, Endpoint, MappingRule

MOST = 500  # values offered for a field


def known_values() -> list[tuple[str, list[str]]]:
    """(field, values) in three queries; what takes long to find out is left to the one who types."""
    places: dict[str, set[str]] = {"account": set(), "site": set(), "group": set()}
    for kind, name in Resource.objects.order_by("name").values_list("kind", "name").distinct():
        if kind in places and len(places[kind]) < MOST:
            places[kind].add(name)
    rows = Endpoint.objects.order_by().values_list("type", "os", "cloud_provider").distinct()
    kinds = zip(*rows, strict=True)
    words = dict(zip(("type", "os", "cloud_provider"), map(set, kinds), strict=False))
    applications = list(Application.objects.order_by("name").values_list("name", flat=True)[:MOST])
    named = {name: sorted(values - {""}) for name, values in {**places, **words}.items()}
    return [("application", applications), *named.items()]


def decided() -> tuple[list[int], int]:
    """Endpoints that each rule put where they are, in the order of the rules, and those that no rule claimed."""
    loose = Endpoint.objects.filter(pinned=False).order_by()
    counts = dict(loose.values_list("mapped_by").annotate(n=Count("pk")))
    rules = MappingRule.objects.order_by("position").values_list("pk", flat=True)
    return [counts.get(rule, 0) for rule in rules], counts.get(None, 0)
