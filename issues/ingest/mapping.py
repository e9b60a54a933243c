"""Which application an endpoint belongs to: ordered rules, the first match wins, a pin beats them all."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import models

from issues.ingest.bulk import chunks
from issues.mapping.applications import Directory
from issues.mapping.facts import Facts
from issues.mapping.match import Endpoint as Asked
from issues.mapping.match import Matcher
from issues.mapping.rule import Rule
from issues.mapping.save import current_revision
from issues.mapping.software import installed
from issues.models import Application, Endpoint, Issue, MappingRule


class Place(NamedTuple):
    application: Application
    rule: MappingRule | None

    @property
    def why(self) -> str:
        return f"Rule “{self.rule.name}”" if self.rule else "No rule matches"


class Mapper:
    """The rules as they stand now; the applications they make are remembered.

    ``endpoints``: those whose installed software may be asked for, by primary key; all when nothing is said.
    """

    def __init__(self, endpoints: Collection[int] | None = None) -> None:
        self.version = current_revision().version
        self._rows = list(MappingRule.objects.select_related("application").order_by("position"))
        rules = [Rule.of_row(row) for row in self._rows]
        self._matcher = Matcher(rules, installed(rules, endpoints))
        self._applications: Directory | None = None

    def where(self, endpoint: Asked) -> Place:
        """Whether it is pinned is not asked."""
        decision = self._matcher.decide(endpoint)
        if decision is None:
            return Place(self._directory.unassigned, None)
        rule = self._rows[decision.rule]
        return Place(rule.application or self._directory.make(decision.value, f"Made by the rule “{rule.name}”"), rule)

    def stays(self, facts: Facts) -> bool:
        """Whether it is where the rules send it; makes nothing."""
        decision = self._matcher.decide(facts)
        if decision is None:
            return facts.application_id == self._directory.unassigned.pk
        target = self._rows[decision.rule].application or self._directory.find(decision.value)
        return target is not None and facts.application_id == target.pk

    def place(self, endpoint: Endpoint) -> str:
        """Set ``application`` and ``mapped_by``; a pinned endpoint stays where it is. Returns why it is there."""
        if endpoint.pinned:
            return ""
        place = self.where(endpoint)
        endpoint.application, endpoint.mapped_by = place
        return place.why

    def application(self, key: int) -> Application:
        """One that an endpoint was in before it was placed."""
        return self._directory.by_key[key]

    @property
    def _directory(self) -> Directory:
        if self._applications is None:
            self._applications = Directory()
        return self._applications


def make_stale(issues: Iterable[int]) -> None:
    """Have the issues counted again before the run ends."""
    for ids in chunks(sorted(issues)):
        Issue.objects.filter(models.Q(pk__in=ids), stale=False).update(stale=True)
