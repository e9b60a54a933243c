"""``/``: how bad it is, where, and whether the numbers can be trusted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from connectors.access import Action, may
from connectors.models import SyncRun
from issues.models import Feed
from issues.navigation import navigation_of
from issues.queue.applications import riskiest
from issues.queue.overview import numbers
from issues.queue.states import nothing_yet
from issues.severity.levels import Level
from issues.views.people import user_of

APPLICATIONS, RUNS = 5, 5  # rows shown
SHOWN = (Level.CRITICAL, Level.HIGH, Level.MEDIUM, Level.LOW)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    user, around = user_of(request), navigation_of(request)
    counted = numbers(user)
    stats = [
        {
            "label": level.label,
            "value": f"{counted.by_severity[level.word]:,}",
            "severity": level.word,
            "url": f"/issues/?severity={level.word}",
        }
        for level in SHOWN
    ]
    sees = may(user, Action.SEE_CONNECTIONS)
    context = {
        "numbers": counted,
        "stats": stats,
        "nothing": None if counted.issues else nothing_yet(user, around.connections),
        "applications": riskiest(user, APPLICATIONS),
        "connections": around.connections if sees else None,
        "runs": SyncRun.objects.finished().select_related("connection")[:RUNS] if sees else None,
        "feeds": Feed.all_of_them(),
    }
    return render(request, "issues/overview.html", context)
