"""``/applications/new/`` and ``/applications/<slug>/edit/``: what an application is, and what changing that would do.

Works without scripts: every button posts the form, and ``do`` says which one it was.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from issues.editing.write import Refused, change, create
from issues.forms.application import ApplicationForm
from issues.models import Application
from issues.queue.application_filters import tag_names
from issues.queue.application_numbers import Numbers, numbers_of
from issues.queue.context_effects import effects
from issues.severity.levels import WORST_FIRST
from issues.views.application_undo import saved
from issues.views.people import manager_of

PART = "effects"  # what htmx asks for alone


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user = manager_of(request)
    form = _form(request, None)
    if request.POST.get("do") != "save" or not form.is_valid:
        return _page(request, form)
    try:
        made = create(form.values, user)
    except Refused as refused:
        form.plain.add_error(None, str(refused))
        return _page(request, form)
    messages.success(request, f"{made.name} was created. Mapping rules and pins bring endpoints to it.")
    return redirect(made)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    user = manager_of(request)
    application = get_object_or_404(Application.objects.visible_to(user), slug=slug)
    form, do = _form(request, application), request.POST.get("do", "")
    if do == "save" and form.is_valid and not form.is_late():
        try:
            changed = change([application.pk], lambda _application, _now: form.values, user)
        except Refused as refused:
            form.plain.add_error(None, str(refused))
            return _page(request, form)
        saved(request, changed, application.name)
        return redirect(reverse("application", args=[slug]))
    return _page(request, form, asked_for_effects=do == "preview")


def _form(request: HttpRequest, application: Application | None) -> ApplicationForm:
    posted = request.POST if request.method == "POST" else None
    more = {"more-people": "people", "more-links": "links"}.get(request.POST.get("do", ""), "")
    return ApplicationForm(application, posted, more)


def _page(request: HttpRequest, form: ApplicationForm, *, asked_for_effects: bool = False) -> HttpResponse:
    application = form.application
    context: dict[str, Any] = {"form": form, "application": application, "levels": WORST_FIRST}
    if application is not None:
        context["numbers"] = numbers_of([application.pk]).get(application.pk, Numbers())
        context["asked"] = asked_for_effects
        context["effects"] = effects({application: form.context}) if asked_for_effects else None
    if asked_for_effects and request.headers.get("HX-Target") == PART:
        return render(request, "issues/application/_effects.html", context)
    name = application.name if application else "New application"
    crumbs = [("Applications", reverse("applications"))]
    crumbs += [(name, application.get_absolute_url()), ("Edit", "")] if application else [(name, "")]
    people = User.objects.filter(is_active=True).order_by("username").values_list("username", flat=True)
    context |= {"crumbs": crumbs, "users": people, "known_tags": tag_names()}
    return render(request, "issues/application/edit.html", context)
