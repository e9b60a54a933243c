"""Which controls of which standards an issue bears on, and whether it is late there. Pure: no database, no clock.

The data stand in ``standards.json``. Of a control's rules the first that fits an issue decides, so that its rules
divide the issues among them. A deadline that the standard does not set itself is ours, and says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from issues.severity.levels import WORST_FIRST, Level


@dataclass(frozen=True, slots=True)
class Rule:
    """``days`` from the first detection; None: nothing can be late. ``at_least`` UNKNOWN and no ``kev``: any issue."""

    days: int | None
    source: str  # where the deadline comes from, a sentence
    by_standard: bool = False
    at_least: Level = Level.UNKNOWN
    kev: bool = False  # only what is known to be exploited

    def fits(self, severity: int, *, kev: bool) -> bool:
        return severity >= self.at_least and (kev or not self.kev)

    @property
    def set_by(self) -> str:
        return "Set by the standard" if self.by_standard else "Our reading"


@dataclass(frozen=True, slots=True)
class Control:
    id: str
    title: str
    rules: tuple[Rule, ...]

    def rule_for(self, severity: int, *, kev: bool) -> Rule | None:
        return next((rule for rule in self.rules if rule.fits(severity, kev=kev)), None)


@dataclass(frozen=True, slots=True)
class Standard:
    key: str
    name: str
    controls: tuple[Control, ...]


class Cell(NamedTuple):
    """So many issues alike. ``age``: the longest deadline, in days, that they are older than; 0 for none."""

    severity: int
    kev: bool
    age: int
    issues: int


@dataclass(frozen=True, slots=True)
class Tally:
    """One rule over some issues: how many it is for, and how many of them are older than it allows."""

    rule: Rule
    levels: tuple[Level, ...]  # that earlier rules of the control leave to it
    issues: int
    late: int

    @property
    def what(self) -> str:
        """``exploited``, ``critical or high``, or empty for any issue."""
        if self.rule.kev:
            return "exploited"
        if self.rule.at_least == Level.UNKNOWN:
            return ""
        words = [level.word for level in self.levels]
        return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))

    @property
    def sentence(self) -> str:
        """``12 critical issues older than 30 days``; without a deadline ``138 issues``."""
        number = self.issues if self.rule.days is None else self.late
        text = f"{number:,} {self.what} issue{'' if number == 1 else 's'}".replace("  ", " ")
        return text if self.rule.days is None else f"{text} older than {self.rule.days} days"


def tally(control: Control, cells: Collection[Cell]) -> list[Tally]:
    """One for each rule, in order."""
    return [_tally(control, place, cells) for place in range(len(control.rules))]


def _tally(control: Control, place: int, cells: Iterable[Cell]) -> Tally:
    rule = control.rules[place]
    mine = [cell for cell in cells if control.rule_for(cell.severity, kev=cell.kev) is rule]
    late = [cell for cell in mine if rule.days is not None and cell.age >= rule.days]
    levels = tuple(level for level in WORST_FIRST if control.rule_for(level, kev=rule.kev) is rule)
    return Tally(rule, levels, sum(cell.issues for cell in mine), sum(cell.issues for cell in late))


@dataclass(frozen=True, slots=True)
class Touch:
    """A control that one issue bears on."""

    standard: Standard
    control: Control
    rule: Rule
    late: bool

    @property
    def name(self) -> str:
        return f"{self.standard.name} {self.control.id}"


def touched(standards: Iterable[Standard], severity: int, *, kev: bool, age: timedelta) -> list[Touch]:
    """``age`` from the first detection to now, or to the day it was resolved."""
    return [
        Touch(standard, control, rule, late=rule.days is not None and age > timedelta(days=rule.days))
        for standard in standards
        for control in standard.controls
        if (rule := control.rule_for(severity, kev=kev)) is not None
    ]
