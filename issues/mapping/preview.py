"""What other rules would do: which endpoints and issues would move, from where to where. Nothing is changed."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from issues.mapping.applications import Directory
from issues.mapping.facts import Facts, facts_of
from issues.mapping.keys import among
from issues.mapping.match import Decision, Matcher
from issues.mapping.rules import Rule
from issues.mapping.software import installed
from issues.mapping.warnings import Takings, warnings
from issues.models import Application, Endpoint, Finding

SAMPLES = 5  # names of endpoints shown for a move


@dataclass(frozen=True, slots=True)
class Move:
    """``source`` and ``target`` are names of applications; ``samples`` are names of some endpoints that move.

    ``issues`` counts those of ``source`` that have a finding on a moving endpoint. A slug is empty for an application
    that would be made.
    """

    source: str
    target: str
    endpoints: int
    issues: int
    samples: list[str]
    source_slug: str = ""
    target_slug: str = ""

    @property
    def makes_application(self) -> bool:
        return not self.target_slug


@dataclass(slots=True)
class Preview:
    """``per_rule`` says for every rule how many endpoints it would decide; ``unassigned`` how many none would."""

    moves: list[Move] = field(default_factory=list)  # most endpoints first
    warnings: list[str] = field(default_factory=list)
    per_rule: list[int] = field(default_factory=list)
    unassigned: int = 0
    pinned: int = 0  # endpoints that stay where they are, whatever the rules say
    new_applications: list[str] = field(default_factory=list)

    @property
    def endpoints(self) -> int:
        return sum(move.endpoints for move in self.moves)

    @property
    def issues(self) -> int:
        return sum(move.issues for move in self.moves)


def preview(rules: Sequence[Rule]) -> Preview:
    """A few queries, and memory for what moves: eight bytes an endpoint."""
    walk = _Walk(rules)
    for facts in facts_of(Endpoint.objects.order_by("pk")):
        walk.look(facts)
    return walk.preview()


class _Moving:
    """Endpoints on their way between the same two applications."""

    def __init__(self, target: Application) -> None:
        self.target, self.endpoints, self.samples = target, array("q"), list[str]()

    def add(self, facts: Facts) -> None:
        self.endpoints.append(facts.pk)
        if len(self.samples) < SAMPLES:
            self.samples.append(facts.name)


class _Walk:
    """Goes over every endpoint once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules, self._directory = rules, Directory()
        # Saving makes what rules name before any endpoint is looked at.
        self._targets = [self._directory.plan(rule.application) if rule.application else None for rule in rules]
        self._matcher = Matcher(rules, installed(rules))
        self._takings = Takings(rules, self._matcher)
        self._moving: dict[tuple[int, str], _Moving] = {}
        self._unassigned = self._pinned = 0

    def look(self, facts: Facts) -> None:
        if facts.pinned:
            self._pinned += 1
            return
        decision = self._matcher.decide(facts)
        self._takings.add(facts, decision)
        self._unassigned += decision is None
        target = self._target(decision)
        if target.pk != facts.application_id:
            self._moving.setdefault((facts.application_id, target.name), _Moving(target)).add(facts)

    def preview(self) -> Preview:
        moves = [self._move(source, moving) for (source, _), moving in self._moving.items()]
        return Preview(
            moves=sorted(moves, key=lambda move: (-move.endpoints, move.source, move.target)),
            warnings=warnings(self._takings),
            per_rule=self._takings.per_rule,
            unassigned=self._unassigned,
            pinned=self._pinned,
            new_applications=sorted((application.name for application in self._directory.planned), key=str.casefold),
        )

    def _target(self, decision: Decision | None) -> Application:
        if decision is None:
            return self._directory.unassigned
        return self._targets[decision.rule] or self._directory.plan(decision.value)

    def _move(self, source: int, moving: _Moving) -> Move:
        before = self._directory.by_key[source]
        return Move(
            source=before.name,
            target=moving.target.name,
            endpoints=len(moving.endpoints),
            issues=issues_on(moving.endpoints),
            samples=moving.samples,
            source_slug=before.slug,
            target_slug=moving.target.slug,
        )


def issues_on(endpoints: Sequence[int]) -> int:
    """How many issues have a finding on one of them, in one statement however many there are."""
    test, keys = among(endpoints)
    with connection.cursor() as cursor:
        table = Finding._meta.db_table
        cursor.execute(f'SELECT count(DISTINCT issue_id) FROM "{table}" WHERE endpoint_id {test}', [keys])  # noqa: S608
        return int(cursor.fetchone()[0])
