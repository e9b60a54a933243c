"""``/applications/<slug>/``: one application, its worst issues and its endpoints."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from issues.models import Endpoint
from issues.queue.applications import busiest_software, mapped_by, one_application
from issues.queue.listing import list_issues
from issues.views.people import user_of

ISSUES, ENDPOINTS, SOFTWARE = 10, 10, 5  # rows shown


@require_safe
def application(request: HttpRequest, slug: str) -> HttpResponse:
    user = user_of(request)
    row = one_application(user, slug)
    if row is None:
        raise Http404
    shown = row.application
    hosts = Endpoint.objects.visible_to(user).filter(application=shown).select_related("mapped_by", "application")
    here = f"/issues/?application={slug}"
    context = {
        "row": row,
        "application": shown,
        "priority": f"Priority {shown.business_priority}",
        "issues": list_issues(user, QueryDict("sort=-score"), shown, size=ISSUES).rows,
        "issues_url": here,
        "endpoints": hosts.order_by("name", "pk")[:ENDPOINTS],
        "software": busiest_software(shown, SOFTWARE),
        "mapping": mapped_by(shown),
        "stats": [
            {"label": "Active issues", "value": f"{row.issues:,}", "url": here},
            *(_stat(word, row.counts[word], here) for word in ("critical", "high", "medium")),
            {"label": "Endpoints", "value": f"{row.endpoints:,}", "url": f"/endpoints/?application={slug}"},
        ],
        "crumbs": [("Applications", "/applications/"), (shown.name, "")],
    }
    return render(request, "issues/application.html", context)


def _stat(word: str, number: int, here: str) -> dict[str, str]:
    return {"label": word.capitalize(), "value": f"{number:,}", "severity": word, "url": f"{here}&severity={word}"}
