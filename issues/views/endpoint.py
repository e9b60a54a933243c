"""``/endpoints/<id>/``: one endpoint, where it belongs and why, and what was found on it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from issues.models import Endpoint
from issues.queue.endpoints import MOST, installed_on
from issues.views.people import user_of


@require_safe
def endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    endpoints = Endpoint.objects.visible_to(user_of(request)).select_related("application", "mapped_by", "connection")
    shown = get_object_or_404(endpoints, pk=pk)
    installed, application = installed_on(shown), shown.application
    context = {
        "endpoint": shown,
        "installed": installed,
        "findings": sum(len(each.findings) for each in installed),
        "most": MOST,
        "crumbs": [
            ("Endpoints", "/endpoints/"),
            (application.name, application.get_absolute_url()),
            (shown.name, ""),
        ],
    }
    return render(request, "issues/endpoint.html", context)
