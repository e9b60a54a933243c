"""``/issues/``: the active issues, and by ``?state=`` those that are over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from connectors.access import Action, may
from issues.decisions.bulk import progress
from issues.views.issue_list import asks_for_part, show_issues
from issues.views.people import user_of


@require_safe
@vary_on_headers("HX-Target")
def queue(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    decides = may(user, Action.TRIAGE) and not asks_for_part(request)
    return show_issues(request, "issues/queue.html", frame={"deciding": progress(user) if decides else []})
