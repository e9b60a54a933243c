"""``/applications/``: what people own, how bad it is there, and how endpoints find their place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from connectors.access import Action, may
from issues.access import sees_everything
from issues.models import MappingRule
from issues.queue.address import without_blanks
from issues.queue.application_list import list_applications
from issues.severity.risk import IN_WORDS
from issues.views.people import user_of

PART = "results"  # what htmx asks for alone


@require_safe
@vary_on_headers("HX-Target")
def applications(request: HttpRequest) -> HttpResponse:
    """The whole page; for htmx the results with the filters beside them."""
    user = user_of(request)
    context = {
        "listing": list_applications(user, request.GET),
        "may_edit": may(user, Action.MANAGE_APPLICATIONS),
        "risk_in_words": IN_WORDS,
    }
    if request.headers.get("HX-Target") == PART:
        response = render(request, "issues/application/_results.html", context)
        response["HX-Push-Url"] = request.path + without_blanks(request.GET)
        return response
    rules = list(MappingRule.objects.select_related("application")) if sees_everything(user) else None
    return render(request, "issues/applications.html", {**context, "rules": rules})
