"""What other weights, or another context of applications, would do: worked out from stored ledgers alone.

No fact is gathered again: weights are applied to the factors that speak, and a context swaps those that depend on it.

Issues with the same start and the same factors move alike, so there are far fewer cases than issues.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count

from issues.models import Application, Issue
from issues.severity.context_change import Context, swapped
from issues.severity.factors import FACTORS, codes_of
from issues.severity.ledger import Outcome, Scale, is_rated
from issues.severity.levels import WORST_FIRST, Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

MOVERS, APPLICATIONS = 10, 10


class Case(NamedTuple):
    """Active issues that are alike."""

    application_id: int
    severity: int
    overridden: bool
    vendor_severity: int
    start: float
    score: float
    factor_bits: int
    issues: int


@dataclass(frozen=True, slots=True)
class Mover:
    issue: Issue
    after: Level
    score: float

    @property
    def change(self) -> float:
        return round(self.score - self.issue.score, 1)


@dataclass(frozen=True, slots=True)
class Affected:
    application: Application
    raised: int
    lowered: int


@dataclass(slots=True)
class WhatIf:
    """``matrix[from][to]`` counts active issues by severity now and then. Overridden ones stay where they are."""

    matrix: dict[Level, Counter[Level]] = field(default_factory=lambda: {level: Counter() for level in Level})
    raised: int = 0
    lowered: int = 0
    same: int = 0
    movers: list[Mover] = field(default_factory=list)
    applications: list[Affected] = field(default_factory=list)

    def as_words(self) -> dict[str, dict[str, int]]:
        """The matrix with outside words, every severity in it."""
        return {was.word: {to.word: row[to] for to in reversed(Level)} for was, row in reversed(self.matrix.items())}

    @property
    def rows(self) -> list[tuple[Level, list[tuple[Level, int, str]]]]:
        """Worst first: the severity now, then of every severity the count and whether that is "up" or "down"."""
        kinds = {True: "up", False: "down"}
        return [
            (was, [(to, count, kinds[to > was] if count and to != was else "") for to, count in self._row(was)])
            for was in WORST_FIRST
            if self.matrix[was]
        ]

    def _row(self, was: Level) -> list[tuple[Level, int]]:
        return [(to, self.matrix[was][to]) for to in WORST_FIRST]

    @property
    def moved(self) -> int:
        return self.raised + self.lowered


def what_if(weights: Mapping[str, float], contexts: Mapping[int, Context] | None = None) -> WhatIf:
    """``weights`` of every factor, as ``issues.severity.weights.complete`` gives them.

    ``contexts``: what some applications would be, by key; then only their issues are looked at.
    """
    found, scale = WhatIf(), Scale(weights)
    moving: list[tuple[float, Case, Outcome]] = []
    raised, lowered = Counter[int](), Counter[int]()
    for case in _cases(contexts):
        bits = swapped(case.factor_bits, contexts[case.application_id]) if contexts else case.factor_bits
        outcome = scale.weigh(case.start, is_rated(Level(case.vendor_severity), case.start), bits)
        before, after = Level(case.severity), Level(case.severity) if case.overridden else outcome.level
        found.matrix[before][after] += case.issues
        if after == before:
            found.same += case.issues
            continue
        (raised if after > before else lowered)[case.application_id] += case.issues
        moving.append((abs(outcome.score - case.score), case, outcome))
    found.raised, found.lowered = raised.total(), lowered.total()
    found.movers = _movers(moving)
    found.applications = _affected(raised, lowered)
    return found


def touches(user: User | AnonymousUser) -> dict[str, int]:
    """By factor, how many active issues that the user may see it speaks in, weighed or not."""
    counted: Counter[str] = Counter()
    rows = Issue.objects.visible_to(user).filter(state=Issue.State.ACTIVE).order_by().values_list("factor_bits")
    for bits, issues in rows.annotate(Count("pk")):
        for code in codes_of(bits):
            counted[code] += issues
    return {code: counted[code] for code in FACTORS}


def _cases(contexts: Mapping[int, Context] | None) -> list[Case]:
    columns = Case._fields[:-1]
    rows = Issue.objects.filter(state=Issue.State.ACTIVE).order_by().values_list(*columns)
    if contexts is not None:
        rows = rows.filter(application__in=list(contexts))
    return [Case(*row) for row in rows.annotate(Count("pk"))]


def _movers(moving: list[tuple[float, Case, Outcome]]) -> list[Mover]:
    """Issues whose score moves most, a few of each case."""
    found: list[Mover] = []
    for _, case, outcome in sorted(moving, key=lambda some: -some[0])[:MOVERS]:
        alike = dict(zip(Case._fields[:-1], case[:-1], strict=True))
        issues = Issue.objects.filter(state=Issue.State.ACTIVE, **alike).order_by("-endpoints", "pk")
        shown = issues.select_related("application", "software", "vulnerability")[: MOVERS - len(found)]
        found += [Mover(issue, outcome.level, outcome.score) for issue in shown]
        if len(found) >= MOVERS:
            break
    return found


def _affected(raised: Counter[int], lowered: Counter[int]) -> list[Affected]:
    most = [pk for pk, _ in (raised + lowered).most_common(APPLICATIONS)]
    applications = Application.objects.in_bulk(most)
    return [Affected(applications[pk], raised[pk], lowered[pk]) for pk in most]
