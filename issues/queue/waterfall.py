"""The ledger of an issue as a picture: where every bar stands. Units are those of the SVG's viewBox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from issues.models import Issue
from issues.severity.ledger import short_name
from issues.severity.levels import BANDS, Level
from issues.templatetags.numbers import signed

TOP, MOST_NAMES = 14.0, 8  # with more bars than this their names would touch: numbers stand under them
BANDED = (Level.CRITICAL, Level.HIGH, Level.MEDIUM, Level.LOW)


@dataclass(frozen=True, slots=True)
class Bar:
    """``css`` colours it; ``text`` stands at ``text_y`` in ``text_css``; ``link`` is where the next one begins."""

    x: float
    y: float
    width: float
    height: float
    css: str
    text: str
    text_css: str
    text_y: float
    middle: float
    name: str
    link: tuple[float, float] | None  # its x, and the y that both share


@dataclass(frozen=True, slots=True)
class Band:
    word: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """``lines`` are (score, y) of the grid."""

    width: int
    height: int
    left: float
    right: float
    bands: list[Band]
    lines: list[tuple[int, float]]
    bars: list[Bar]

    @property
    def inner(self) -> float:
        return self.right - self.left

    @property
    def base(self) -> float:
        return self.lines[0][1]

    @property
    def names_y(self) -> float:
        return self.base + 18


def waterfall(issue: Issue, *, wide: bool) -> Waterfall:
    """From the vendor's score to ours; narrow for phones, because text in a picture must not shrink."""
    width, height, left, right = (760, 254, 28.0, 676.0) if wide else (340, 200, 20.0, 330.0)
    base = height - 26.0

    def y(score: float) -> float:
        return round(base - score / 10 * (base - TOP), 1)

    bands = [Band(level.word, y(_upper(level)), round(y(BANDS[level][0]) - y(_upper(level)), 1)) for level in BANDED]
    lines = [(score, y(score)) for score in (0, 4, 7, 9, 10)]
    return Waterfall(width, height, left, right, bands, lines, _bars(issue, left, right, y, wide))


def sentence(issue: Issue) -> str:
    """The picture in words."""
    reasons = ", ".join(f"{factor['name']} {signed(factor['weight'])}" for factor in issue.factors)
    vendor, ours = Level(issue.vendor_severity).label, Level(issue.severity).label
    return f"Score from vendor {vendor} {issue.start:.1f} to {ours} {issue.score:.1f}: {reasons}."


def _upper(level: Level) -> float:
    """Bands touch each other in the picture, though no score lies between 8.9 and 9.0."""
    above = {Level.CRITICAL: 10.0, Level.HIGH: 9.0, Level.MEDIUM: 7.0, Level.LOW: 4.0}
    return above[level]


def _bars(issue: Issue, left: float, right: float, y: Any, wide: bool) -> list[Bar]:
    spans = _spans(issue)
    slot = (right - left) / len(spans)
    width = round(min(56.0, slot * 0.62), 1)
    bars = []
    for number, (name, begin, end, css, text) in enumerate(spans):
        x = round(left + slot * number + (slot - width) / 2, 1)
        top, bottom = y(max(begin, end)), y(min(begin, end))
        last = number == len(spans) - 1
        falling = css == "down"
        text_css = {"down": "sign-down", "up": "sign-up"}.get(css, "value")
        named = number == 0 or last or (wide and len(spans) <= MOST_NAMES)
        bars.append(
            Bar(
                x=x,
                y=top,
                width=width,
                height=round(max(bottom - top, 1.0), 1),
                css=css,
                text=text,
                text_css=text_css,
                text_y=bottom + 15 if falling else top - 6,
                middle=round(x + width / 2, 1),
                name=name if named else str(number),
                link=None if last else (round(x + slot, 1), y(end)),
            )
        )
    return bars


def _held(score: float) -> float:
    """Inside the picture. Only the last sum is clamped: what went above 10 on the way has to come down again."""
    return min(max(score, 0.0), 10.0)


def _spans(issue: Issue) -> Sequence[tuple[str, float, float, str, str]]:
    """Name, where it begins and ends, colour, text: the vendor's score, every factor, ours."""
    spans = [("Vendor", 0.0, issue.start, f"fill-{Level(issue.vendor_severity).word}", f"{issue.start:.1f}")]
    reached = issue.start
    for factor in issue.factors:
        following = reached + factor["weight"]
        css = "up" if factor["weight"] > 0 else "down"
        spans.append((short_name(factor["code"]), _held(reached), _held(following), css, signed(factor["weight"])))
        reached = following
    return [*spans, ("Ours", 0.0, issue.score, f"fill-{Level(issue.severity).word}", f"{issue.score:.1f}")]
