"""From facts to a score and its reasons: a start, signed weights, and what holds the sum in its limits.

Sums are made in whole tenths, so that start plus weights is the score to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from issues.severity.factors import ASPECT_OF, FACTORS, Type, touching
from issues.severity.facts import Facts
from issues.severity.levels import BANDS, Level, level_of, starting_score

KEV_FLOOR, LOW_FLOOR = "kev_floor", "low_floor"
HOLDS = {
    KEV_FLOOR: ("KEV holds it at High", Type.EXPLOITABLE, "What is in KEV never falls below High by factors."),
    LOW_FLOOR: ("Held at Low", Type.DAMAGE, "Factors never take a rated vulnerability below Low."),
}


class Entry(NamedTuple):
    """One line of a ledger, as it is stored."""

    code: str
    name: str
    type: str
    weight: float
    reason: str


def short_name(code: str) -> str:
    """One word or two for a picture."""
    aspect = ASPECT_OF.get(code)
    return aspect.name if aspect else {KEV_FLOOR: "KEV floor", LOW_FLOOR: "Low floor"}.get(code, code)


class Outcome(NamedTuple):
    """``hold``: what had to be added so that the score keeps to a floor, by code; None when nothing had."""

    score: float
    level: Level
    hold: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """``start`` plus the weights of ``entries``, clamped to 0.0 … 10.0, is ``score``."""

    start: float
    entries: tuple[Entry, ...]
    score: float
    level: Level
    codes: tuple[str, ...]  # of every factor that speaks, also of those whose weight is zero


def ledger(facts: Facts, weights: Mapping[str, float]) -> Ledger:
    """Deterministic. ``weights`` by code; what the facts leave open adds nothing."""
    start = starting_score(facts.vendor_severity, facts.risk_score, facts.cvss)
    reasons = touching(facts)
    rated = is_rated(facts.vendor_severity, start)
    outcome = settle(start, rated, reasons, weights)
    entries = entries_of(reasons if rated else {}, weights, outcome)
    return Ledger(start, entries, outcome.score, outcome.level, tuple(reasons))


def entries_of(reasons: Mapping[str, str], weights: Mapping[str, float], outcome: Outcome) -> tuple[Entry, ...]:
    """The lines for the factors that speak and weigh something, and for what holds the score."""
    entries = [_entry(code, weights[code], why) for code, why in reasons.items() if code in FACTORS and weights[code]]
    return (*entries, _hold(*outcome.hold)) if outcome.hold else tuple(entries)


def is_rated(vendor_severity: Level, start: float) -> bool:
    """Without severity and score there is nothing that factors could raise or lower."""
    return vendor_severity is not Level.UNKNOWN or start > 0


def settle(start: float, rated: bool, codes: Iterable[str], weights: Mapping[str, float]) -> Outcome:
    """The score for a set of factors; all that a what-if has to know of an issue."""
    first, codes = tenths(start), list(codes)
    total = first + sum(tenths(weights[code]) for code in codes) if rated else 0
    floor = _floor(first, "kev" in codes)
    if floor is None and not rated:
        return Outcome(0.0, Level.UNKNOWN)
    hold = (floor[0], (floor[1] - total) / 10) if floor and total < floor[1] else None
    score = max(min(floor[1] if floor and hold else total, 100), 0) / 10
    return Outcome(score, level_of(score), hold)


def _floor(first: int, kev: bool) -> tuple[str, int] | None:
    if kev:
        return KEV_FLOOR, tenths(BANDS[Level.HIGH][0])
    return (LOW_FLOOR, tenths(BANDS[Level.LOW][0])) if first > 0 else None


def tenths(value: float) -> int:
    return round(value * 10)


def _entry(code: str, weight: float, reason: str) -> Entry:
    return Entry(code, FACTORS[code].name, ASPECT_OF[code].type.value, weight, reason)


def _hold(code: str, weight: float) -> Entry:
    name, type_, reason = HOLDS[code]
    return Entry(code, name, type_.value, weight, reason)
