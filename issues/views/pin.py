"""POST ``/endpoints/<id>/pin/`` and ``…/unpin/``: a person says where an endpoint belongs, or leaves it to the rules.

``/endpoints/pin/`` does it for many that were ticked.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from connectors.access import Action, may
from issues.forms.pin import PinForm
from issues.mapping.pins import pin, unpin
from issues.models import Application, Endpoint
from issues.models.endpoint import EndpointQuerySet
from issues.views.people import user_of

MOST = 900  # endpoints named by one form


@require_POST
def pin_endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = get_object_or_404(_mine(request), pk=pk)
    _pin(request, _mine(request).filter(pk=pk))
    return redirect(endpoint)


@require_POST
def unpin_endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = get_object_or_404(_mine(request), pk=pk)
    unpin(_mine(request).filter(pk=pk), user_of(request))
    messages.success(request, f"The rules decide about {endpoint.name} again.")
    return redirect(endpoint)


@require_POST
def pin_endpoints(request: HttpRequest) -> HttpResponse:
    ticked = [int(text) for text in request.POST.getlist("endpoint") if text.isascii() and text.isdigit()]
    found = _mine(request).filter(pk__in=[pk for pk in ticked[:MOST] if pk < 2**63])
    if not ticked:
        messages.error(request, "Tick the endpoints first.")
    else:
        _pin(request, found)
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if ours else "endpoints")


def _mine(request: HttpRequest) -> EndpointQuerySet:
    """What the user sees, if they may decide where it belongs."""
    user = user_of(request)
    if not may(user, Action.MANAGE_APPLICATIONS):
        raise PermissionDenied
    return Endpoint.objects.visible_to(user)


def _pin(request: HttpRequest, endpoints: EndpointQuerySet) -> None:
    user = user_of(request)
    form = PinForm(request.POST, Application.objects.visible_to(user))
    if not form.is_valid():
        messages.error(request, form.first_problem)
        return
    application = form.cleaned_data["application"]
    count = pin(endpoints, application, user, form.cleaned_data["reason"])
    what = "1 endpoint is" if count == 1 else f"{count:,} endpoints are"
    messages.success(request, f"{what} pinned to {application.name}. Issues follow in the background.")
