"""Connecting a tenant: two values, five checks, each with its own result."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from connectors.access import Action
from connectors.forms import ConnectForm
from connectors.models import Connection
from connectors.sources.base import CheckResult, StepState
from connectors.sources.registry import PRODUCTS, Product
from connectors.sync.connect import check_connection, clean_host, store_connection
from connectors.views.gate import SignedIn, needs


@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.MANAGE_CONNECTIONS)
def connect(request: SignedIn, connector: str) -> HttpResponse:
    product = _product(connector)
    if request.method != "POST":
        return _page(request, ConnectForm(product))
    form = ConnectForm(product, request.POST)
    if not form.is_valid():
        return _page(request, form)
    values = form.cleaned_data
    host, result = check_connection(connector, values["host_url"], values["token"])
    if not result.usable:
        return _page(request, form, host, result)
    try:
        connection = store_connection(connector, values["name"], host, values["token"], result, request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, form, host, result)
    return _connected(request, connection, result)


@require_GET
@needs(Action.MANAGE_CONNECTIONS)
def console_link(request: SignedIn, connector: str) -> HttpResponse:
    """The way to the console whose address is being typed; words while it is none."""
    return render(request, "connectors/_console_link.html", {"console": _console(connector, request.GET)})


def _page(request: SignedIn, form: ConnectForm, host: str = "", result: CheckResult | None = None) -> HttpResponse:
    template = "connectors/_connect.html" if request.htmx else "connectors/connect.html"
    context = {
        "form": form, "product": form.product, "result": result, "host": host or form["host_url"].value() or "",
        "console": host or _console(form.product.key, form.data),
        "crumbs": [("Connectors", reverse("connectors:catalogue")), (f"Connect {form.product.title}", "")],
    }  # fmt: skip
    return render(request, template, context)


def _connected(request: SignedIn, connection: Connection, result: CheckResult) -> HttpResponse:
    failed = result.failed_step
    if failed:
        messages.warning(request, f"{connection} is connected and needs attention. {failed.sentence}")
    else:
        messages.success(request, f"{connection} is connected: all five checks passed. The first import has begun.")
    for step in result.steps:
        if step.state is StepState.WARNING:
            messages.warning(request, f"{step.title}: {step.sentence}")
    address = f"{reverse('connectors:catalogue')}#connection-{connection.pk}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _product(connector: str) -> Product:
    if connector not in PRODUCTS:
        raise Http404
    return PRODUCTS[connector]


def _console(connector: str, data: object) -> str:
    text = data.get("host_url", "") if hasattr(data, "get") else ""
    try:
        return clean_host(_product(connector).key, text)
    except ValueError:
        return ""
