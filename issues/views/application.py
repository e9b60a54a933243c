"""``/applications/<slug>/``: one application; ``?view=`` shows its issues, endpoints, software or compliance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from issues.models import Application
from issues.queue.address import without_blanks
from issues.queue.application_software import list_software
from issues.queue.compliance import compliance_of
from issues.queue.endpoints import list_endpoints
from issues.queue.placing import places_for
from issues.views.application_frame import frame_of
from issues.views.application_overview import overview
from issues.views.issue_list import asks_for_part, show_issues
from issues.views.people import user_of

Part = Callable[[HttpRequest, Application, dict[str, Any]], HttpResponse]


@require_safe
@vary_on_headers("HX-Target")
def application(request: HttpRequest, slug: str) -> HttpResponse:
    user = user_of(request)
    shown = get_object_or_404(Application.objects.visible_to(user), slug=slug)
    view = request.GET.get("view", "")
    if view == "issues" and asks_for_part(request):
        return show_issues(request, "", shown)
    return PARTS.get(view, overview)(request, shown, frame_of(user, shown, view))


def _issues(request: HttpRequest, shown: Application, frame: dict[str, Any]) -> HttpResponse:
    return show_issues(request, "issues/application/_view_issues.html", shown, frame)


def _endpoints(request: HttpRequest, shown: Application, frame: dict[str, Any]) -> HttpResponse:
    user = user_of(request)
    here = {
        "listing": list_endpoints(user, request.GET, shown),
        "list_url": f"{request.path}?view=endpoints",
        "places": places_for(user),
    }
    response = render(request, "issues/application/_view_endpoints.html", {**frame, **here})
    response["HX-Push-Url"] = request.path + without_blanks(request.GET)
    return response


def _software(request: HttpRequest, shown: Application, frame: dict[str, Any]) -> HttpResponse:
    listing = list_software(user_of(request), request.GET, shown)
    return render(request, "issues/application/_view_software.html", {**frame, "listing": listing})


def _compliance(request: HttpRequest, shown: Application, frame: dict[str, Any]) -> HttpResponse:
    here = {"summaries": compliance_of(shown, frame["numbers"])}
    return render(request, "issues/application/_view_compliance.html", {**frame, **here})


PARTS: dict[str, Part] = {
    "issues": _issues,
    "endpoints": _endpoints,
    "software": _software,
    "compliance": _compliance,
}
