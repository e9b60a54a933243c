"""``/applications/<slug>/delete/``: an application that nothing belongs to goes, after a question."""

from __future__ import annotations

from django.contrib import messages
from django.db.models.deletion import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from issues.models import Application
from issues.views.people import manager_of


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    user = manager_of(request)
    application = get_object_or_404(Application.objects.visible_to(user), slug=slug)
    bar = application.bar_to_deletion
    if request.method == "POST" and not bar:
        try:
            application.delete()
        except ProtectedError:  # something was mapped to it just now
            bar = application.bar_to_deletion
        else:
            messages.success(request, f"{application.name} was deleted.")
            return redirect("applications")
    crumbs = [("Applications", reverse("applications")), (application.name, application.get_absolute_url())]
    context = {"application": application, "bar": bar, "crumbs": [*crumbs, ("Delete", "")]}
    return render(request, "issues/application/delete.html", context)
