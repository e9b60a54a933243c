"""The history of imports, and one import with everything it did."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from connectors.access import Action
from connectors.forms import RunFilterForm
from connectors.models import SyncRun
from connectors.models.sync_run import SyncRunQuerySet
from connectors.progress import progress_of
from connectors.views.gate import SignedIn, needs, rights

PAGE = 50
CRUMBS = ("Connectors", "connectors:catalogue"), ("Sync history", "connectors:runs")


@require_GET
@needs(Action.SEE_CONNECTIONS)
def runs(request: SignedIn) -> HttpResponse:
    form = RunFilterForm(request.GET)
    pages = Paginator(_chosen(form), PAGE)
    page = pages.get_page(request.GET.get("page"))
    here = _address(request.GET)
    context = {
        "page": page, "total": pages.count, "form": form, "filtered": any(request.GET.get(n) for n in form.fields),
        "newer_url": f"{here}page={page.number - 1}" if page.has_previous() else "",
        "older_url": f"{here}page={page.number + 1}" if page.has_next() else "",
        "crumbs": [(CRUMBS[0][0], reverse(CRUMBS[0][1])), (CRUMBS[1][0], "")],
    }  # fmt: skip
    return render(request, "connectors/runs.html", context)


@require_GET
@needs(Action.SEE_CONNECTIONS)
def run(request: SignedIn, pk: int) -> HttpResponse:
    """For htmx only the part that moves."""
    found = get_object_or_404(
        SyncRun.objects.select_related("connection", "started_by").prefetch_related("resources"), pk=pk
    )
    template = "connectors/_run.html" if request.htmx else "connectors/run.html"
    progress = progress_of(found) if found.is_unfinished else None
    context = {
        "run": found, "progress": progress, "resources": found.resources.all(),
        "crumbs": [*((label, reverse(name)) for label, name in CRUMBS), (f"Import {found.pk}", "")],
        **rights(request),
    }  # fmt: skip
    return render(request, template, context)


def _chosen(form: RunFilterForm) -> SyncRunQuerySet:
    found = SyncRun.objects.select_related("connection", "started_by")
    if not form.is_valid():
        return found.none()
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    return found.filter(**wanted)


def _address(query: QueryDict) -> str:
    """This list without its page, ready for one more key."""
    kept = query.copy()
    kept.pop("page", None)
    return f"?{kept.urlencode()}&" if kept else "?"
