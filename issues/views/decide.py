"""``/issues/decide/``: what to do with some issues, asked in a dialog, or on a page of its own without a script."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from connectors.access import Action, may
from issues.decisions.bulk import AT_ONCE, decide_later
from issues.decisions.rules import Refused
from issues.forms.decide import KINDS, DecideForm
from issues.queue.matching import Selection
from issues.views.back import way_back
from issues.views.deciding import begun
from issues.views.people import user_of

DIALOG = "decide-body"  # the part that htmx asks for


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Target")
def decide(request: HttpRequest) -> HttpResponse:
    """GET asks, with the issues in the address; POST does it and goes back to where the list stood."""
    user = user_of(request)
    if not may(user, Action.TRIAGE):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else request.GET
    selection = Selection.of(user, data)
    do = str(data.get("do", ""))
    form = DecideForm(do if do in KINDS else "decide", request.POST if request.method == "POST" else None)
    count = selection.count
    if selection.problems or not count:
        messages.error(request, " ".join(selection.problems) or "No issue is selected. Tick some first.")
        return redirect(way_back(request, data))
    if request.method == "POST" and form.is_valid() and _done(request, form, selection, count):
        return redirect(way_back(request, data))
    return _ask(request, form, selection, count, data)


def _done(request: HttpRequest, form: DecideForm, selection: Selection, count: int) -> bool:
    """False when it was refused; the form says why."""
    user, deed = user_of(request), form.deed
    if count > AT_ONCE and selection.query is not None:
        token = decide_later(user, deed, selection.query, count)
        begun(request)
        text = f"{count:,} issues are many: they change in the background, within a few minutes."
    else:
        try:
            done = deed.carry_out(selection.issues, user)
        except Refused as refused:
            form.refuse(refused)
            return False
        token, text = done.token, deed.told(done.issues)
    messages.success(request, text, extra_tags=f"{reverse('undo', args=[token])}")
    return True


def _ask(request: HttpRequest, form: DecideForm, selection: Selection, count: int, data: QueryDict) -> HttpResponse:
    context = {
        "form": form,
        "count": count,
        "selection": selection,
        "single": selection.issues.select_related("application").first() if count == 1 else None,
        "next": data.get("next", ""),
        "way_back": way_back(request, data),
    }
    if request.headers.get("HX-Target") == DIALOG:
        return render(request, "issues/_decide.html", {**context, "in_dialog": True})
    return render(request, "issues/decide.html", context)
