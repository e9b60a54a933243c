"""The table of mapping rules made to say what a list of rules says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import F

from issues.mapping.rule import Rule
from issues.models import Application, MappingRule

OUT_OF_THE_WAY = 1_000_000  # positions are unique, also while they change


def store_rules(rules: Sequence[Rule], applications: Mapping[str, Application]) -> None:
    """``applications`` by the names that rules lead to.

    A rule that was there before keeps its row, so that endpoints go on naming it: the same one, or else the one of the
    same name.
    """
    rows = _rows_of(rules)
    gone = MappingRule.objects.exclude(pk__in=[row.pk for row in rows if row is not None])
    gone.delete()
    MappingRule.objects.update(position=F("position") + OUT_OF_THE_WAY)
    for position, (rule, row) in enumerate(zip(rules, rows, strict=True), 1):
        row = row or MappingRule()
        row.position, row.name, row.match = position, rule.name, rule.match
        row.conditions = [condition.as_data() for condition in rule.conditions]
        row.application, row.application_per = applications.get(rule.application), rule.application_per
        row.save()


def _rows_of(rules: Sequence[Rule]) -> list[MappingRule | None]:
    """For every rule the row that it keeps, or None for a new one."""
    free = list(MappingRule.objects.select_related("application").order_by("position"))
    found: list[MappingRule | None] = [None] * len(rules)
    for alike in (_same, _same_name):
        for place, rule in enumerate(rules):
            row = next((row for row in free if found[place] is None and alike(row, rule)), None)
            if row is not None:
                found[place] = row
                free.remove(row)
    return found


def _same(row: MappingRule, rule: Rule) -> bool:
    return Rule.of_row(row) == rule


def _same_name(row: MappingRule, rule: Rule) -> bool:
    return row.name == rule.name
