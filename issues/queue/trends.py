"""How applications have done over the last 90 days, a point for each day, from the rows that are written daily."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q, Sum

from issues.models import Application, ApplicationDay
from issues.severity.levels import WORST_FIRST

if TYPE_CHECKING:
    from django.contrib.auth.models import User

DAYS = 90
DAY = timedelta(days=1)
WORDS = tuple(level.word for level in WORST_FIRST)
SUMMED = (*WORDS, "endpoints", "risk")
FIGURES = ("issues", *SUMMED)


class Point(NamedTuple):
    """The end of a day, or of today so far. ``counted_back``: from dates of detection, before anybody counted."""

    day: date
    counted_back: bool
    critical: int
    high: int
    medium: int
    low: int
    info: int
    unknown: int
    endpoints: int
    risk: int

    @property
    def issues(self) -> int:
        return self.critical + self.high + self.medium + self.low + self.info + self.unknown

    @property
    def counts(self) -> dict[str, int]:
        """Active issues by severity word, the worst first."""
        return {word: getattr(self, word) for word in WORDS}


@dataclass(frozen=True, slots=True)
class Trend:
    """Points from the oldest to today, without a gap; none when nothing was counted yet."""

    points: list[Point] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.points)

    @property
    def today(self) -> Point | None:
        return self.points[-1] if self.points else None

    @property
    def counted_since(self) -> date | None:
        """The first day that was really counted, when points before it are counted back; else None."""
        if not self.points or not self.points[0].counted_back:
            return None
        return next((point.day for point in self.points if not point.counted_back), None)

    def change(self, days: int = 7) -> dict[str, int | None]:
        """By figure (``issues``, a severity word, ``endpoints``, ``risk``): now less what it was so many days ago.

        None where nothing is known of that day. Endpoints and risk can't be counted back, only issues can.
        """
        if len(self.points) <= days:
            return dict.fromkeys(FIGURES)
        now, then = self.points[-1], self.points[-1 - days]
        unknown = ("endpoints", "risk") if then.counted_back else ()
        return {name: None if name in unknown else getattr(now, name) - getattr(then, name) for name in FIGURES}


def trend_of(application: Application) -> Trend:
    """The caller makes sure that the user may see it. One query."""
    today = utc_today()
    rows = ApplicationDay.objects.filter(lately(today), application=application).order_by("day")
    points = (Point(*row) for row in rows.values_list("day", "counted_back", *SUMMED))
    return Trend(_without_gaps(points, today))


def trend_of_all(user: User) -> Trend:
    """The sum over everything that the user may see. One query."""
    today = utc_today()
    rows = (
        ApplicationDay.objects.visible_to(user)
        .filter(_counted_once(), lately(today))
        .order_by("day", "counted_back")
        .values_list("day", "counted_back")
        .annotate(*(Sum(name) for name in SUMMED))
    )
    return Trend(_without_gaps((Point(*row) for row in rows), today))


def utc_today() -> date:
    """Days are those of UTC."""
    return datetime.now(UTC).date()


def lately(today: date) -> Q:
    """The days that a trend is made of."""
    return Q(day__gt=today - DAYS * DAY, day__lte=today)


def _counted_once() -> Q:
    """Without what was counted back for applications that came later: until then other ones had their issues."""
    first = ApplicationDay.objects.counted().order_by("pk").values("day")[:1]
    pioneers = ApplicationDay.objects.counted().filter(day=first).values("application")
    return Q(counted_back=False) | Q(day__lt=first, application__in=pioneers)


def _without_gaps(known: Iterable[Point], today: date) -> list[Point]:
    """A day that nobody counted is as the last one before it."""
    points: list[Point] = []
    for point in known:
        points += _until(points, point.day)
        points.append(point)
    return [*points, *_until(points, today + DAY)]


def _until(points: list[Point], day: date) -> list[Point]:
    if not points:
        return []
    last = points[-1]
    return [last._replace(day=last.day + n * DAY) for n in range(1, (day - last.day).days)]
