"""``/applications/``: what people own, how bad it is there, and how endpoints find their place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from issues.access import sees_everything
from issues.models import MappingRule
from issues.queue.applications import list_applications
from issues.views.people import user_of


@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules = MappingRule.objects.select_related("application") if sees_everything(user) else None
    context = {"listing": list_applications(user, request.GET), "rules": rules}
    return render(request, "issues/applications.html", context)
