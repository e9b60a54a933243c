"""Starting and cancelling an import by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from connectors.access import Action
from connectors.models import Connection, SyncRun
from connectors.sync.start import AlreadyRunning, cancel, start_run
from connectors.views.catalogue import back_to
from connectors.views.gate import SignedIn, needs


@require_POST
@needs(Action.SYNC)
def sync_now(request: SignedIn, pk: int) -> HttpResponse:
    connection = get_object_or_404(Connection.objects.live(), pk=pk)
    mode = SyncRun.Mode.DELTA if request.POST.get("mode") == SyncRun.Mode.DELTA else SyncRun.Mode.FULL
    try:
        start_run(connection, mode, request.user)
    except AlreadyRunning as error:
        return back_to(request, connection, str(error), messages.INFO)
    return back_to(request, connection, f"An import of {connection} has begun.")


@require_POST
@needs(Action.SYNC)
def cancel_run(request: SignedIn, pk: int) -> HttpResponse:
    run = get_object_or_404(SyncRun.objects.select_related("connection"), pk=pk)
    if not run.is_unfinished:
        return _said(request, run, "The import was over already.", messages.INFO)
    cancel(run)
    return _said(request, run, "The import stops in a moment. What it stored stays, nothing is resolved.")


def _said(request: SignedIn, run: SyncRun, text: str, level: int = messages.SUCCESS) -> HttpResponse:
    if request.POST.get("back") == "run":
        messages.add_message(request, level, text)
        return redirect("connectors:run", run.pk)
    return back_to(request, run.connection, text, level)
