"""A new token for a connection, tried before it replaces the old one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from connectors.access import Action
from connectors.forms import TokenForm
from connectors.models import Connection
from connectors.sync.connect import replace_token
from connectors.views.catalogue import back_to
from connectors.views.gate import SignedIn, needs


@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.MANAGE_CONNECTIONS)
def token(request: SignedIn, pk: int) -> HttpResponse:
    connection = get_object_or_404(Connection.objects.live(), pk=pk)
    form, result = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        result = replace_token(connection, form.cleaned_data["token"])
        if result.usable:
            failed = result.failed_step
            said = f"The token of {connection} was replaced."
            level = messages.WARNING if failed else messages.SUCCESS
            return back_to(request, connection, f"{said} {failed.sentence}" if failed else said, level)
    context = {
        "form": form, "connection": connection, "product": connection.product, "result": result,
        "console": connection.host_url,
        "crumbs": [("Connectors", reverse("connectors:catalogue")), ("Replace token", "")],
    }  # fmt: skip
    return render(request, "connectors/token.html", context)
