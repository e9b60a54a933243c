"""``/endpoints/<id>/``: one endpoint, where it belongs and why, what was found on it, and what happened to it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from issues.models import Endpoint, MappingRule
from issues.queue.endpoint_history import history_of
from issues.queue.installed import installed_on
from issues.queue.placing import places_for
from issues.views.people import user_of


@require_safe
def endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    endpoints = Endpoint.objects.visible_to(user).select_related("application", "mapped_by__application", "connection")
    shown = get_object_or_404(endpoints, pk=pk)
    history, application = history_of(shown, user), shown.application
    context = {
        "endpoint": shown,
        "installed": installed_on(shown, user, request.GET.get("page")),
        "history": history.entries,
        "pin": history.pin,
        "order": _order(shown.mapped_by),
        "places": places_for(user),
        "crumbs": [
            ("Endpoints", "/endpoints/"),
            (application.name, application.get_absolute_url()),
            (shown.name, ""),
        ],
    }
    return render(request, "issues/endpoint.html", context)


def _order(rule: MappingRule | None) -> int | None:
    """Which one it is, counted from 1 as the list of rules does."""
    return MappingRule.objects.filter(position__lte=rule.position).count() if rule else None
