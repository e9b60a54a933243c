"""``/fixes/``: which software to update first, where, and what that closes; the same as a file for those who do it."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from issues.queue import sheet
from issues.queue.fix_choices import choices_of
from issues.queue.fix_export import COLUMNS, rows_of
from issues.queue.fix_filters import FixFilterSet
from issues.queue.fixes import DEFAULT, SORTS, Update, list_fixes, one_update
from issues.severity.risk import IN_WORDS
from issues.templatetags.numbers import number
from issues.views.people import user_of

FEW = 20  # applications shown under a row of the list
KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@require_safe
def fixes(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    context = {
        "listing": list_fixes(user, request.GET),
        "choices": choices_of(user, request.GET),
        "risk_in_words": IN_WORDS,
    }
    return render(request, "issues/fixes.html", context)


@require_safe
@vary_on_headers("HX-Request")
def fix(request: HttpRequest, pk: int) -> HttpResponse:
    """One product, application by application; for htmx only the first of them, to stand under a row of the list."""
    found = FixFilterSet(request.GET, user=user_of(request)).found.filter(software=pk)
    update = one_update(found)
    if update is None:
        raise Http404
    rows = found.select_related("application").order_by("-risk", "application__name")
    context = {"update": update, "risk_in_words": IN_WORDS}
    if request.headers.get("HX-Request"):
        rest = max(update.applications - FEW, 0)
        return render(request, "issues/fixes/_applications.html", {**context, "fixes": rows[:FEW], "rest": rest})
    crumbs = [("Fix first", "/fixes/"), (update.software.name, "")]
    return render(
        request, "issues/fixes/one.html", {**context, "fixes": rows, "crumbs": crumbs, "stats": _stats(update)}
    )


@require_safe
def export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """A row for each endpoint and product of everything that the filters leave."""
    filters, sort = FixFilterSet(request.GET, user=user_of(request)), request.GET.get("sort", DEFAULT)
    rows = rows_of(filters.found, sort if sort.removeprefix("-") in SORTS else DEFAULT)
    lines: Iterator[str] = sheet.as_csv(COLUMNS, rows) if kind == "csv" else sheet.as_json(rows)
    name = f"fix-first-{timezone.localdate()}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type=KINDS[kind], headers=headers)


def _stats(update: Update) -> list[dict[str, str]]:
    return [
        {"label": "Endpoints", "value": f"{update.endpoints:,}"},
        {"label": "Issues", "value": f"{update.issues:,}"},
        {"label": "Findings", "value": f"{update.findings:,}"},
        {"label": "Exploited", "value": f"{update.exploited:,}", "note": "issues listed in KEV"},
        {"label": "Risk", "value": number(-update.risk)},
        {"label": "Risk per endpoint", "value": number(-update.per_endpoint)},
    ]
