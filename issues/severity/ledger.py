"""From facts to a score and its reasons: a start, signed weights, and what holds the sum in its limits.

Sums are made in whole tenths, so that start plus weights is the score to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypedDict

from issues.severity.factors import ASPECT_OF, FACTORS, Type, bits_of, codes_of, touching
from issues.severity.facts import Facts
from issues.severity.levels import BANDS, Level, level_of, starting_score

KEV_FLOOR, LOW_FLOOR = "kev_floor", "low_floor"
HOLDS = {
    KEV_FLOOR: "What is in KEV never falls below High by factors.",
    LOW_FLOOR: "Factors never take a rated vulnerability below Low.",
}
NAMES = {code: (FACTORS[code].name, aspect.type.value) for code, aspect in ASPECT_OF.items()} | {
    KEV_FLOOR: ("KEV holds it at High", Type.EXPLOITABLE.value),
    LOW_FLOOR: ("Held at Low", Type.DAMAGE.value),
}


class Entry(TypedDict):
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


class Ledger(NamedTuple):
    """``start`` plus the weights of ``entries``, clamped to 0.0 … 10.0, is ``score``."""

    start: float
    entries: list[Entry]
    score: float
    level: Level
    bits: int  # every factor that speaks, also those whose weight is zero


class Scale:
    """One set of weights, by code. Issues that start alike and have the same factors are weighed once."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights
        self._outcomes: dict[tuple[float, bool, int], Outcome] = {}

    def ledger(self, vendor_severity: Level, start: float, reasons: Mapping[str, str]) -> Ledger:
        """``reasons``: those of the factors that speak, in any order."""
        bits, rated = bits_of(reasons), is_rated(vendor_severity, start)
        outcome = self.weigh(start, rated, bits)
        return Ledger(start, self.entries(bits if rated else 0, reasons, outcome), outcome.score, outcome.level, bits)

    def weigh(self, start: float, rated: bool, bits: int) -> Outcome:
        key = (start, rated, bits)
        if key not in self._outcomes:
            self._outcomes[key] = settle(start, rated, codes_of(bits), self.weights)
        return self._outcomes[key]

    def entries(self, bits: int, reasons: Mapping[str, str], outcome: Outcome) -> list[Entry]:
        """The lines for the factors that speak and weigh something, and for what holds the score."""
        entries = [_entry(code, weight, reasons[code]) for code in codes_of(bits) if (weight := self.weights[code])]
        return [*entries, _entry(*outcome.hold, HOLDS[outcome.hold[0]])] if outcome.hold else entries


def ledger(facts: Facts, weights: Mapping[str, float]) -> Ledger:
    """Deterministic. ``weights`` by code; what the facts leave open adds nothing."""
    start = starting_score(facts.vendor_severity, facts.risk_score, facts.cvss)
    return Scale(weights).ledger(facts.vendor_severity, start, touching(facts))


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
    name, type_ = NAMES[code]
    return {"code": code, "name": name, "type": type_, "weight": weight, "reason": reason}
