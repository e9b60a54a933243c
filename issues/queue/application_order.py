"""One line of the list of applications, and the orders that lines may stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import OuterRef, Subquery

from issues.models import Application, ApplicationDay
from issues.queue.application_filters import Traits
from issues.queue.application_numbers import Numbers
from issues.queue.trends import Trend, utc_today
from issues.severity.levels import WORST_FIRST

WEEK = 7  # days
DEFAULT = "-risk"


@dataclass(frozen=True, slots=True)
class Line:
    """One application. Only lines of the page that is shown have their trend."""

    traits: Traits
    numbers: Numbers
    trend: Trend = field(default_factory=Trend)

    @property
    def application(self) -> Application:
        return self.traits.application

    @property
    def change(self) -> int | None:
        """Its active issues, less what they were a week ago; None when nobody counted then."""
        points = self.trend.points
        return self.numbers.total - points[-1 - WEEK].issues if len(points) > WEEK else None


Keys = Mapping[int, int | None]  # by application, what it is sorted by; None stands last whichever way


def in_order(lines: list[Line], sort: str) -> list[Line]:
    """``lines`` stand by name, and equal ones stay so. ``sort`` is one of ``SORTS``, with "-" before it to turn it."""
    keys = SORTS[sort.removeprefix("-")](lines)
    if keys is None:
        return lines[::-1] if sort.startswith("-") else lines
    known = [(key, line) for line in lines if (key := keys.get(line.application.pk)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=sort.startswith("-"))
    return [line for _, line in known] + [line for line in lines if keys.get(line.application.pk) is None]


def _by(read: Callable[[Line], int | None]) -> Callable[[list[Line]], Keys]:
    return lambda lines: {line.application.pk: read(line) for line in lines}


def _priority(line: Line) -> int | None:
    return None if line.application.is_unassigned else line.application.business_priority


def _changes(lines: list[Line]) -> Keys:
    then = issues_a_week_ago(line.application.pk for line in lines)
    return {pk: line.numbers.total - then[pk] for line in lines if (pk := line.application.pk) in then}


def issues_a_week_ago(applications: Iterable[int]) -> dict[int, int]:
    """Active issues at the end of that day, or of the last one before it that was counted. One question."""
    day = utc_today() - timedelta(days=WEEK)
    last = ApplicationDay.objects.filter(application=OuterRef("pk"), day__lte=day).order_by("-day").values("pk")[:1]
    days = Application.objects.filter(pk__in=list(applications)).order_by().annotate(last=Subquery(last)).values("last")
    words = (level.word for level in WORST_FIRST)
    rows = ApplicationDay.objects.filter(pk__in=days).order_by().values_list("application_id", *words)
    return {pk: sum(counts) for pk, *counts in rows}


# None: as they stand already, by name.
SORTS: Mapping[str, Callable[[list[Line]], Keys | None]] = {
    "name": lambda lines: None,
    "priority": _by(_priority),
    "endpoints": _by(lambda line: line.numbers.endpoints),
    "issues": _by(lambda line: line.numbers.total),
    "risk": _by(lambda line: line.numbers.risk),
    "change": _changes,
}
