"""One row a day for each application, from the counts that are kept: what trends are drawn from.

The first time an application is counted, the 90 days before are counted back from the dates of its issues: when each
was first seen and when it was resolved. Its severity is taken as it is today, and the rows say that they are such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, DateField, F, Q, Sum, Value, When
from django.db.models.functions import Greatest, TruncDate

from issues.ingest.bulk import chunks, insert
from issues.models import ApplicationDay, Endpoint, Issue, IssueCount
from issues.severity.levels import WORST_FIRST, Level
from issues.severity.risk import risk

BACK = 90  # days before the first one
KEPT = timedelta(days=400)
DAY = timedelta(days=1)
AT_ONCE = 20  # applications that are counted back in one transaction
WORDS = tuple(level.word for level in WORST_FIRST)
FIGURES = (*WORDS, "endpoints", "risk")
COLUMNS = ("application", "day", *FIGURES, "counted_back")

Figures = tuple[int, ...]  # in the order of ``FIGURES``
NOTHING: Figures = (0,) * len(FIGURES)


@dataclass(slots=True)
class Tally:
    """Active issues of one application, and their findings, by severity."""

    issues: dict[Level, int] = field(default_factory=lambda: defaultdict(int))
    findings: dict[Level, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, level: Level, issues: int, findings: int) -> None:
        self.issues[level] += issues
        self.findings[level] += findings

    def figures(self, endpoints: int) -> Figures:
        return (*(max(self.issues[level], 0) for level in WORST_FIRST), endpoints, max(risk(self.findings), 0))


def is_due() -> bool:
    """Whether ``write_today`` would write anything; reads only."""
    today = _today()
    return bool(_changed(*_last(today), today))


def write_today() -> bool:
    """Make today's rows say what is so now; False when they do already. Killed anywhere, the next call does the rest.

    Applications begin to have rows when they first have issues, and then have one every day.
    """
    today = _today()
    day, stored = _last(today)
    changed = _changed(day, stored, today)
    if not changed:
        return False
    first = set(changed) - _begun_before(today, changed)
    for some in chunks(sorted(first), AT_ONCE):
        now = {application: changed[application] for application in some}
        count_back(some, today, now)
        _write(today, now)
    _write(today, {application: figures for application, figures in changed.items() if application not in first})
    if day != today:
        ApplicationDay.objects.filter(day__lt=today - KEPT).delete()
    return True


def count_back(applications: Collection[int], today: date, now: dict[int, Figures]) -> None:
    """Write the days before ``today``, which is the first one counted, once more from scratch."""
    days = [today - n * DAY for n in range(BACK, 0, -1)]
    changes = _changes(applications, days[0], today)
    rows: list[tuple[Any, ...]] = []
    for application in applications:
        tally, endpoints = Tally(), now[application][FIGURES.index("endpoints")]
        for day in days:
            for level, issues, findings in changes[application, day]:
                tally.add(level, issues, findings)
            rows.append((application, day, *tally.figures(endpoints), True))
    with transaction.atomic():
        ApplicationDay.objects.filter(application__in=applications, counted_back=True).delete()
        insert(ApplicationDay, COLUMNS, rows)


def _today() -> date:
    return datetime.now(UTC).date()


def _last(today: date) -> tuple[date | None, dict[int, Figures]]:
    """The last day that was counted, and what its rows say."""
    counted = ApplicationDay.objects.counted().filter(day__lte=today)
    rows = list(
        counted.filter(day=counted.order_by("-day").values("day")[:1]).values_list("day", "application", *FIGURES)
    )
    return (rows[0][0] if rows else None), {application: tuple(figures) for _, application, *figures in rows}


def _changed(day: date | None, stored: dict[int, Figures], today: date) -> dict[int, Figures]:
    """What is so now, of applications where today's row does not say so. One that has lost everything has nothing."""
    now = dict.fromkeys(stored, NOTHING) | _figures_now()
    return now if day != today else {pk: figures for pk, figures in now.items() if stored.get(pk) != figures}


def _figures_now() -> dict[int, Figures]:
    tallies: dict[int, Tally] = defaultdict(Tally)
    active = Q(state=Issue.State.ACTIVE)
    cells = IssueCount.objects.order_by().values_list("application", "severity")
    for application, severity, issues, findings in cells.annotate(
        number=Sum("issues", filter=active, default=0), total=Sum("findings", filter=active, default=0)
    ):
        tallies[application].add(Level(severity), issues, findings)
    endpoints = dict(Endpoint.objects.order_by().values_list("application").annotate(Count("pk")))
    return {application: tally.figures(endpoints.get(application, 0)) for application, tally in tallies.items()}


def _begun_before(today: date, applications: Collection[int]) -> set[int]:
    earlier = ApplicationDay.objects.counted().filter(day__lt=today)
    return {
        application
        for some in chunks(applications)
        for application in earlier.filter(application__in=some)
        .order_by()
        .values_list("application", flat=True)
        .distinct()
    }


def _write(day: date, figures: dict[int, Figures]) -> None:
    rows = [
        ApplicationDay(application_id=application, day=day, **dict(zip(FIGURES, values, strict=True)))
        for application, values in figures.items()
    ]
    ApplicationDay.objects.bulk_create(  # in one transaction
        rows, update_conflicts=True, unique_fields=("application", "day"), update_fields=FIGURES, batch_size=70
    )


def _changes(
    applications: Collection[int], since: date, today: date
) -> dict[tuple[int, date], list[tuple[Level, int, int]]]:
    """By application and day: severity, and how many issues and findings came; negative where they went.

    What came before ``since`` came on that day. Issues without active findings had one, for all that is known.
    """
    changes: dict[tuple[int, date], list[tuple[Level, int, int]]] = defaultdict(list)
    for sign, rows in ((1, _came(applications, since, today)), (-1, _went(applications, since, today))):
        for application, severity, day, issues, findings in rows:
            changes[application, day].append((Level(severity), sign * issues, sign * findings))
    return changes


def _came(applications: Collection[int], since: date, today: date) -> Iterator[tuple[int, int, date, int, int]]:
    there = _there(applications, since).filter(first_seen__lt=_begin(today))
    begun = Case(
        When(first_seen__lt=_begin(since + DAY), then=Value(since)),
        default=TruncDate("first_seen", tzinfo=UTC),
        output_field=DateField(),
    )
    yield from _grouped(there, begun)


def _went(applications: Collection[int], since: date, today: date) -> Iterator[tuple[int, int, date, int, int]]:
    gone = _there(applications, since).filter(resolved_at__lt=_begin(today), first_seen__lt=_begin(today))
    yield from _grouped(gone, TruncDate("resolved_at", tzinfo=UTC))


def _there(applications: Collection[int], since: date) -> Any:
    """Those that were active at the end of one of the days, or after."""
    states = (Issue.State.ACTIVE, Issue.State.RESOLVED, Issue.State.REMOVED)
    known = Issue.objects.filter(application__in=applications, state__in=states)
    return known.filter(Q(resolved_at=None) | Q(resolved_at__gte=_begin(since)))


def _grouped(issues: Any, day: Any) -> Iterator[tuple[int, int, date, int, int]]:
    return iter(
        issues.order_by()
        .annotate(on=day)
        .values_list("application", "severity", "on")
        .annotate(number=Count("pk"), total=Sum(Greatest(F("findings"), 1)))
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
