"""The ordered list of mapping rules: read from data, given back as data, and as it stands now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from issues.mapping.reading import BadRules, parse
from issues.mapping.rule import Condition, Rule
from issues.models import MappingRule

__all__ = ["BadRules", "Condition", "Rule", "as_data", "current", "parse"]


def as_data(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """As ``mapping-rules/`` and the exported file have them."""
    return [rule.as_data() for rule in rules]


def current() -> list[Rule]:
    """The rules that count now, in their order."""
    return [Rule.of_row(row) for row in MappingRule.objects.select_related("application").order_by("position")]
