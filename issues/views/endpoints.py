"""``/endpoints/``: laptops, servers and workloads, and where each belongs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from issues.queue.address import without_blanks
from issues.queue.endpoints import list_endpoints
from issues.queue.placing import places_for
from issues.views.people import user_of


@require_safe
def endpoints(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    context = {"listing": list_endpoints(user, request.GET), "list_url": request.path, "places": places_for(user)}
    response = render(request, "issues/endpoints.html", context)
    response["HX-Push-Url"] = request.path + without_blanks(request.GET)
    return response
