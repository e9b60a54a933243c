from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from connectors.models import Connection
from issues.models import Application, Endpoint, MappingRule
from tests.factories import make_endpoint, make_issue
from tests.issues.mapping_pages.forms import URL, Form

Press = Callable[..., Form]


@pytest.fixture
def rules(payroll: Application) -> None:
    """Two rules: Berlin goes to Payroll (Olga's), then one application for each value of the tag app."""
    MappingRule.objects.all().delete()
    berlin = [{"field": "site", "operator": "is", "value": "Berlin"}]
    MappingRule.objects.create(position=1, name="Berlin", conditions=berlin, application=payroll)
    tagged = [{"field": "tag:app", "operator": "exists", "value": ""}]
    MappingRule.objects.create(position=2, name="Tags", conditions=tagged, application_per="tag:app")


@pytest.fixture
def hosts(rules: None, tenant: Connection) -> list[Endpoint]:
    """Three that no rule claims, named pay-1 to pay-3, each with one finding of the same issue."""
    unassigned = Application.objects.unassigned()
    made = [
        make_endpoint(tenant, unassigned, f"pay-{n}", site_name="Paris", tags=[["team", "money"]]) for n in (1, 2, 3)
    ]
    Endpoint.objects.update(pinned=False)
    make_issue(tenant, unassigned, endpoints=[host.name for host in made], cve="CVE-2026-1")
    return made


@pytest.fixture
def ben_press(ben_client: Client, rules: None) -> Press:
    """``ben_press("add")``: the page, then a button of it, as a browser without scripts would post it."""

    def press(button: str, form: Form | None = None, **typed: str) -> Form:
        form = form or Form.of(ben_client.get(URL))
        return Form.of(ben_client.post(URL, form.posted(button, **typed)))

    return press
