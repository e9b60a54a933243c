"""``/issues/<id>/endpoints/``: every finding of one issue."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from issues.queue.findings import list_findings
from issues.queue.rows import visible_issues
from issues.views.people import user_of


@require_safe
def issue_endpoints(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    shown = get_object_or_404(visible_issues(user), pk=pk)
    listing = list_findings(shown, user, request.GET)
    crumbs = [("Active issues", "/issues/"), (shown.vulnerability.cve, shown.get_absolute_url()), ("Endpoints", "")]
    return render(request, "issues/issue_endpoints.html", {"issue": shown, "listing": listing, "crumbs": crumbs})
