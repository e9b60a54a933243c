"""POST ``/issues/undo/<moment>/``: one step back; POST ``/issues/<id>/decisions/<id>/take-back/``: one decision."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from connectors.access import Action, may
from issues.decisions.bulk import AT_ONCE, is_deciding, undo_later
from issues.decisions.take_back import take_back_decisions
from issues.decisions.undo import how_many
from issues.decisions.undo import undo as step_back
from issues.models import Decision, Issue
from issues.views.back import way_back
from issues.views.deciding import begun
from issues.views.people import user_of


@require_POST
def undo(request: HttpRequest, token: int) -> HttpResponse:
    user = user_of(request)
    if not may(user, Action.TRIAGE):
        raise PermissionDenied
    try:
        count, goes_on = how_many(token, user), is_deciding(token, user)
    except OverflowError:
        raise Http404 from None
    these = f"{count:,} issue{'' if count == 1 else 's'}"
    if goes_on or count > AT_ONCE:
        undo_later(token, user)
        begun(request)
        what = "Stopped. What has changed already goes" if goes_on else f"{these} are many: they go"
        messages.success(request, f"{what} back in the background, within a few minutes.")
    elif step_back(token, user).issues:
        messages.success(request, f"Undone for {these}.")
    else:
        messages.info(request, "There is nothing left to undo.")
    return redirect(way_back(request, request.POST))


@require_POST
def take_back(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    user = user_of(request)
    issue = get_object_or_404(Issue.objects.visible_to(user), pk=pk)
    if not may(user, Action.TRIAGE):
        raise PermissionDenied
    held = Decision.objects.filter(issue=issue, pk=decision)
    title = get_object_or_404(held).title
    done = take_back_decisions(held, user)
    if done.issues:
        messages.success(request, f"{title}: taken back.", extra_tags=reverse("undo", args=[done.token]))
    else:
        messages.info(request, "It was over already.")
    return redirect(issue)
