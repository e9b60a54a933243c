"""All connectors with their connections, and one connection's part of the page by itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from connectors.access import Action
from connectors.cards import card, families, shown
from connectors.models import Connection
from connectors.views.gate import SignedIn, needs, rights


@require_GET
@needs(Action.SEE_CONNECTIONS)
def catalogue(request: SignedIn) -> HttpResponse:
    text = request.GET.get("q", "")
    found = families(text)
    only_results = request.htmx and not request.htmx.boosted
    template = "connectors/_families.html" if only_results else "connectors/catalogue.html"
    return render(request, template, {"families": found, "q": text, **rights(request)})


@require_GET
@needs(Action.SEE_CONNECTIONS)
def connection_part(request: SignedIn, pk: int) -> HttpResponse:
    """The same markup as on the page. Empty once a deleted connection is cleared: its place goes away."""
    connection = get_object_or_404(Connection, pk=pk)
    if connection.cleared_at:
        return HttpResponse()
    return render(request, "connectors/_connection.html", {"card": card(connection), **rights(request)})


def back_to(request: SignedIn, connection: Connection, said: str, level: int = messages.SUCCESS) -> HttpResponse:
    """After an action: the connection's part with a toast for htmx, else back to its place on the page."""
    messages.add_message(request, level, said)
    if not request.htmx:
        return redirect(f"{reverse('connectors:catalogue')}#connection-{connection.pk}")
    found = shown().get(pk=connection.pk)
    return render(request, "connectors/_connection_after.html", {"card": card(found), **rights(request)})
