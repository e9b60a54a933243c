"""``/issues/``: the active issues, and by ``?state=`` those that are over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from issues.views.deciding import progress_to_show
from issues.views.issue_list import asks_for_part, show_issues


@require_safe
@vary_on_headers("HX-Target")
def queue(request: HttpRequest) -> HttpResponse:
    frame = {} if asks_for_part(request) else {"deciding": progress_to_show(request)}
    return show_issues(request, "issues/queue.html", frame=frame)
