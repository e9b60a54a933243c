"""A trend as a picture: active issues stacked by severity. Units are those of the SVG's viewBox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from issues.queue.trends import WORDS, Point, Trend

STEPS = (1, 2, 3, 4, 5, 6, 8, 10)  # of the axis, times a power of ten
LINES = 3  # of the grid above zero
WEEK = 7  # days between the rows of the table


@dataclass(frozen=True, slots=True)
class Layer:
    """``area`` and ``edge`` are points of a polygon and a polyline."""

    word: str
    area: str
    edge: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    day: date
    css: str

    @property
    def text(self) -> str:
        return in_short(self.day)


@dataclass(frozen=True, slots=True)
class TrendChart:
    """``lines`` are (number, y) of the grid, zero first; ``since_x``: where counting began, unless at an end."""

    width: int
    height: int
    left: float
    right: float
    lines: list[tuple[int, float]]
    layers: list[Layer]
    ticks: list[Tick]
    since_x: float | None

    @property
    def top(self) -> float:
        return self.lines[-1][1]

    @property
    def base(self) -> float:
        return self.lines[0][1]

    @property
    def days_y(self) -> float:
        return self.base + 20


# Width and height for a card over the page, for one over half of it, and for phones.
SIZES = {"wide": (720, 210), "half": (540, 190), "phone": (340, 190)}


def trend_chart(trend: Trend, size: str) -> TrendChart:
    """Drawn for the width where it stands, because text in a picture must not shrink. The trend has points."""
    width, height = SIZES[size]
    left, right = 36.0, width - 8.0
    points = every(trend.points, 3) if size == "phone" else trend.points
    points = points if len(points) > 1 else points * 2  # one day is a flat line
    top, base = 14.0, height - 30.0
    step = step_of(max(point.issues for point in points))

    def x(number: int) -> float:
        return round(left + (right - left) * number / (len(points) - 1), 1)

    def y(number: int) -> float:
        return round(base - (base - top) * number / (step * LINES), 1)

    since = next((n for n, point in enumerate(points) if not point.counted_back), 0)
    return TrendChart(
        width=width,
        height=height,
        left=left,
        right=right,
        lines=[(n * step, y(n * step)) for n in range(LINES + 1)],
        layers=_layers(points, [x(n) for n in range(len(points))], y),
        ticks=_ticks(points, x, 2 if size == "phone" else 3),
        since_x=x(since) if 0 < since < len(points) - 1 else None,
    )


def step_of(most: int) -> int:
    """The smallest round step of the axis with which ``LINES`` of them reach the greatest number."""
    size = 1
    while True:
        for step in STEPS:
            if step * size * LINES >= most:
                return step * size
        size *= 10


def every(points: Sequence[Point], days: int) -> list[Point]:
    """Some of the points; the last one always."""
    return list(points[::-days][::-1])


def weeks(trend: Trend) -> list[Point]:
    """A point for each week, today first: the picture as a table."""
    return list(trend.points[::-WEEK])


def words_of(trend: Trend) -> list[str]:
    """Severities that were there on any day, the worst first; the four of the legend always are."""
    return [word for word in WORDS if word not in ("info", "unknown") or any(p.counts[word] for p in trend.points)]


def sentence(trend: Trend) -> str:
    """The picture in words."""
    then, now = trend.points[0], trend.points[-1]
    if len(trend.points) == 1:
        return f"Active issues by severity, counted since today: {now.issues:,}, {now.critical:,} of them critical."
    return (
        f"Active issues by severity over {len(trend.points)} days: {_change(then.issues, now.issues)}"
        f" from {in_short(then.day)} to today; critical ones {_change(then.critical, now.critical)}."
    )


def in_short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _change(then: int, now: int) -> str:
    """``fell from 165 to 138``"""
    if then == now:
        return f"stayed at {now:,}"
    return f"{'rose' if now > then else 'fell'} from {then:,} to {now:,}"


def _layers(points: Sequence[Point], xs: Sequence[float], y: Callable[[int], float]) -> list[Layer]:
    """From the bottom: the worst severity stands on zero."""
    shown = [word for word in WORDS if any(point.counts[word] for point in points)]
    sums = [list(accumulate(point.counts[word] for word in shown)) for point in points]
    layers, below = [], [y(0)] * len(points)
    for number, word in enumerate(shown):
        above = [y(sums_of_day[number]) for sums_of_day in sums]
        edge = _path(xs, above)
        layers.append(Layer(word, f"{edge} {_path(xs[::-1], below[::-1])}", edge))
        below = above
    return layers


def _path(xs: Sequence[float], ys: Sequence[float]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in zip(xs, ys, strict=True))


def _ticks(points: Sequence[Point], x: Callable[[int], float], parts: int) -> list[Tick]:
    last = len(points) - 1
    places = sorted({round(last * part / parts) for part in range(parts + 1)})
    return [Tick(x(n), points[n].day, "" if n == 0 else "end" if n == last else "mid") for n in places]
