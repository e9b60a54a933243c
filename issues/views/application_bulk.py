"""``/applications/bulk/``: some fields of many applications at once, after saying what that would change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from issues.editing.write import Changed, Refused, change, plan
from issues.forms.bulk import BulkForm
from issues.models import Application
from issues.models.application import ApplicationQuerySet
from issues.queue.application_filters import ApplicationFilterSet, tag_names
from issues.queue.context_effects import effects
from issues.severity.levels import WORST_FIRST
from issues.views.application_undo import saved
from issues.views.people import manager_of

MOST = 2_000  # applications changed by one form
NAMED = 50  # whose changes are listed one by one


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """Asked with ticked applications, or with ``all=1`` and filters for all that match. ``do``: preview, save, edit."""
    user, do = manager_of(request), request.POST.get("do", "")
    chosen = _chosen(request, user)
    if not chosen.exists():
        messages.info(request, "Tick the applications to change first.")
        return redirect("applications")
    form = BulkForm(request.POST if do in ("preview", "save") else None, initial=_typed(request))
    if do not in ("preview", "save") or not form.is_valid():
        return _page(request, chosen, form)
    wanted = form.bulk.wanted
    try:
        if do == "preview":
            return _page(request, chosen, form, plan(chosen, wanted))
        changed = change(list(chosen.values_list("pk", flat=True)), wanted, user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, chosen, form)
    saved(request, changed, f"{len(changed):,} application{'' if len(changed) == 1 else 's'}")
    return redirect("applications")


def _chosen(request: HttpRequest, user: User) -> ApplicationQuerySet:
    """Once shown, the form names them itself, so that what matches meanwhile joins nothing."""
    visible = Application.objects.visible_to(user).order_by("name")
    if request.method != "POST" and request.GET.get("all") == "1":
        return ApplicationFilterSet(request.GET, user=user).filter_queryset(visible)
    slugs = (request.POST if request.method == "POST" else request.GET).getlist("application")
    return visible.filter(slug__in=slugs[:MOST])


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed before, when somebody comes back from the confirmation."""
    return {name: request.POST[name] for name in BulkForm.base_fields if name in request.POST}


def _page(
    request: HttpRequest, chosen: ApplicationQuerySet, form: BulkForm, changes: list[Changed] | None = None
) -> HttpResponse:
    applications = list(chosen)
    context: dict[str, Any] = {
        "form": form,
        "applications": applications,
        "known_tags": tag_names(),
        "users": User.objects.filter(is_active=True).order_by("username").values_list("username", flat=True),
        "crumbs": [("Applications", reverse("applications")), ("Edit many", "")],
        "levels": WORST_FIRST,
    }
    if changes is None:
        return render(request, "issues/application/bulk.html", context)
    context |= {
        "changes": changes[:NAMED],
        "changed": len(changes),
        "more": max(0, len(changes) - NAMED),
        "same": len(applications) - len(changes),
        "effects": effects({c.application: c.after for c in changes}),
        "asked": True,
    }
    return render(request, "issues/application/bulk_confirm.html", context)
