"""The first part of an application's page: its numbers, its trend, what to do first, and who looks after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from issues.models import Application
from issues.queue.application_activity import activity_here
from issues.queue.application_numbers import Numbers
from issues.queue.compliance import compliance_of, worst_of
from issues.queue.fixes import fixes_of
from issues.queue.one_application import Software, ways_into, worst_issues
from issues.queue.suggestions import suggestions
from issues.queue.trends import trend_of
from issues.severity.risk import IN_WORDS
from issues.views.people import user_of

if TYPE_CHECKING:
    from issues.queue.trends import Trend

ISSUES, FIXES, CONTROLS = 6, 5, 5  # rows shown
DAYS = 7  # what changes are counted from
SINCE = "since last week"


def overview(request: HttpRequest, shown: Application, frame: dict[str, Any]) -> HttpResponse:
    user = user_of(request)
    trend, ways = trend_of(shown), ways_into(shown)
    updates = fixes_of(user, shown, FIXES)
    context = {
        "trend": trend,
        "stats": _stats(shown, frame["numbers"], frame["software"], ways.stale, trend),
        "issues": worst_issues(user, shown, ISSUES),
        "updates": updates,
        "closing": sum(update.issues for update in updates),
        "ways": ways,
        "controls": worst_of(compliance_of(shown, frame["numbers"]), CONTROLS),
        "activity": activity_here(shown, user),
        "risk_in_words": IN_WORDS,
        "tags": list(shown.tags.all()),
        "suggestions": suggestions(user) if shown.is_unassigned else [],
    }
    return render(request, "issues/application.html", {**frame, **context})


def _stats(
    shown: Application, numbers: Numbers, software: Software, stale: int, trend: Trend
) -> list[dict[str, object]]:
    """Six numbers; no change is shown where nothing is known of the day it would be counted from."""
    here, change = f"{shown.get_absolute_url()}?view=", trend.change(DAYS)

    def stat(label: str, value: int, url: str, since: str = "", **more: object) -> dict[str, object]:
        delta = change[since] if since else None
        note = SINCE if delta is not None else ""
        return {"label": label, "value": f"{value:,}", "url": here + url, "delta": delta, "note": note, **more}

    return [
        stat("Active issues", numbers.total, "issues", "issues"),
        *(
            stat(word.capitalize(), numbers.counts[word], f"issues&severity={word}", word, severity=word)
            for word in ("critical", "high")
        ),
        stat("Exploited", software.exploited, "issues&kev=true", note="listed in KEV"),
        stat("Risk score", numbers.risk, "software", "risk"),
        stat("Endpoints", numbers.endpoints, "endpoints", note=f"{stale:,} stale" if stale else "none stale"),
    ]
