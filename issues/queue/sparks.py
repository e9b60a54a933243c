"""The active issues of many applications, a number for each of 90 days: what small lines in lists are drawn from.

The database puts the days of an application together: a list that read a row for each day would mostly do that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Aggregate, F, JSONField
from django.db.models.sql.compiler import SQLCompiler

from issues.models import ApplicationDay
from issues.queue.trends import DAY, DAYS, WORDS, lately, utc_today

ISSUES = sum((F(word) for word in WORDS[1:]), F(WORDS[0]))


class Spark(NamedTuple):
    """``issues`` are from the first day that is known, ``since``, to today, without a gap; never none."""

    since: date
    issues: list[int]

    def change(self, now: int, days: int) -> int | None:
        """``now`` less what it was so many days ago; None where nothing is known of that day."""
        return now - self.issues[-1 - days] if len(self.issues) > days else None


class ByDay(Aggregate):
    """``{"2026-11-22": 12, …}`` of a day and a number."""

    function = "json_group_object"
    arity = 2
    output_field = JSONField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, function="jsonb_object_agg", **more)


def sparks_of(applications: Collection[int]) -> dict[int, Spark]:
    """By primary key; one of which nothing is known is missing. The caller makes sure that the user may see them.

    One question.
    """
    today = utc_today()
    days = [str(today - n * DAY) for n in range(DAYS - 1, -1, -1)]
    rows = ApplicationDay.objects.filter(lately(today), application__in=list(applications))
    known = rows.order_by().values_list("application").annotate(days=ByDay("day", ISSUES))
    return {application: _without_gaps(numbers, days, today) for application, numbers in known}


def _without_gaps(known: Mapping[str, int], days: Sequence[str], today: date) -> Spark:
    """A day that nobody counted is as the last one before it."""
    issues: list[int] = []
    last = None
    for day in days:
        last = known.get(day, last)
        if last is not None:
            issues.append(last)
    return Spark(today - (len(issues) - 1) * DAY, issues)
