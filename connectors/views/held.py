"""The answer to a read that lost more than a day explains."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from connectors.access import Action
from connectors.models import SyncRun
from connectors.sync.held import NothingToAnswer, confirm, dismiss
from connectors.sync.start import AlreadyRunning
from connectors.views.gate import SignedIn, needs

LIVE = SyncRun.objects.live().select_related("connection")


@require_POST
@needs(Action.SYNC)
def confirm_loss(request: SignedIn, pk: int) -> HttpResponse:
    run = get_object_or_404(LIVE, pk=pk)
    try:
        new = confirm(run, request.user)
    except (NothingToAnswer, AlreadyRunning) as error:
        return _said(request, run, str(error), messages.INFO)
    return _said(request, new, "Everything is read once more; what is missing then is resolved.")


@require_POST
@needs(Action.SYNC)
def dismiss_loss(request: SignedIn, pk: int) -> HttpResponse:
    run = get_object_or_404(LIVE, pk=pk)
    try:
        dismiss(run, request.user)
    except NothingToAnswer as error:
        return _said(request, run, str(error), messages.INFO)
    return _said(request, run, "Dismissed. Nothing was resolved.")


def _said(request: SignedIn, run: SyncRun, text: str, level: int = messages.SUCCESS) -> HttpResponse:
    messages.add_message(request, level, text)
    return redirect("connectors:run", run.pk)
