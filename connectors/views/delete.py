"""Deleting a connection, after saying what goes and what stays."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from connectors.access import Action
from connectors.cards import card
from connectors.models import Connection
from connectors.sync.clear import delete_connection
from connectors.views.catalogue import back_to
from connectors.views.gate import SignedIn, needs


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.MANAGE_CONNECTIONS)
def delete(request: SignedIn, pk: int) -> HttpResponse:
    connection = get_object_or_404(Connection.objects.live(), pk=pk)
    if request.method == "POST":
        purge = "purge" in request.POST
        delete_connection(connection, purge=purge)
        what = "deleted" if purge else "removed"
        return back_to(request, connection, f"{connection} was deleted. Its issues are being {what}.")
    crumbs = [("Connectors", reverse("connectors:catalogue")), (f"Delete {connection}", "")]
    return render(request, "connectors/delete.html", {"card": card(connection), "crumbs": crumbs})
