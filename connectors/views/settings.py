"""What a connection is called, how often it is imported, and whether it rests."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from connectors.access import Action
from connectors.forms import SettingsForm
from connectors.models import Connection
from connectors.sync.connect import save_named
from connectors.sync.timetable import set_timetable
from connectors.views.catalogue import back_to
from connectors.views.gate import SignedIn, needs


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.MANAGE_CONNECTIONS)
def settings(request: SignedIn, pk: int) -> HttpResponse:
    connection = get_object_or_404(Connection.objects.live(), pk=pk)
    form = SettingsForm(connection, request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        connection.name = values["name"]
        try:
            save_named(connection)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            set_timetable(connection, paused=values["paused"], interval_minutes=values["interval_minutes"])
            return back_to(request, connection, f"The settings of {connection} were saved.")
    crumbs = [("Connectors", reverse("connectors:catalogue")), ("Settings", "")]
    name = Connection.objects.values_list("name", flat=True).get(pk=pk)
    return render(request, "connectors/settings.html", {"form": form, "pk": pk, "name": name, "crumbs": crumbs})


@require_POST
@needs(Action.MANAGE_CONNECTIONS)
def pause(request: SignedIn, pk: int) -> HttpResponse:
    """``paused`` is 1 to pause and 0 to resume."""
    connection = get_object_or_404(Connection.objects.live(), pk=pk)
    paused = request.POST.get("paused") == "1"
    set_timetable(connection, paused=paused)
    return back_to(request, connection, f"{connection} is {'paused' if paused else 'imported on schedule again'}.")
