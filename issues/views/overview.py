"""``/``: how bad it is, where, and whether the numbers can be trusted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from connectors.access import Action, may
from connectors.models import SyncRun
from issues.models import Feed
from issues.navigation import navigation_of
from issues.queue.applications import Row, riskiest
from issues.queue.fixes import fixes_of
from issues.queue.overview import Numbers, numbers
from issues.queue.sparks import Spark, sparks_of
from issues.queue.states import nothing_yet
from issues.queue.trends import Trend, trend_of_all
from issues.severity.levels import Level
from issues.severity.risk import IN_WORDS
from issues.views.people import user_of

APPLICATIONS, UPDATES, RUNS = 5, 5, 5  # rows shown
DAYS = 7  # what changes are counted from
SHOWN = (Level.CRITICAL, Level.HIGH, Level.MEDIUM, Level.LOW)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    user, around = user_of(request), navigation_of(request)
    counted, trend = numbers(user), trend_of_all(user)
    sees = may(user, Action.SEE_CONNECTIONS)
    context = {
        "numbers": counted,
        "stats": _stats(counted, trend),
        "nothing": None if counted.issues else nothing_yet(user, around.connections),
        "trend": trend,
        "applications": _with_trends(riskiest(user, APPLICATIONS)),
        "updates": fixes_of(user, limit=UPDATES),
        "risk_in_words": IN_WORDS,
        "connections": around.connections if sees else None,
        "runs": SyncRun.objects.finished().select_related("connection")[:RUNS] if sees else None,
        "feeds": Feed.all_of_them(),
    }
    return render(request, "issues/overview.html", context)


def _stats(counted: Numbers, trend: Trend) -> list[dict[str, Any]]:
    """No change is shown where nothing is known of the day it would be counted from."""
    change = trend.change(DAYS)
    return [
        {
            "label": level.label,
            "value": f"{counted.by_severity[level.word]:,}",
            "severity": level.word,
            "url": f"/issues/?severity={level.word}",
            "delta": change[level.word],
            "note": "this week" if change[level.word] is not None else "",
        }
        for level in SHOWN
    ]


def _with_trends(rows: list[Row]) -> list[tuple[Row, Spark | None]]:
    trends = sparks_of([row.application.pk for row in rows])
    return [(row, trends.get(row.application.pk)) for row in rows]
