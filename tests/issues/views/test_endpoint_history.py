"""What happened to an endpoint: where it was put and why, when it left and came back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from connectors import sink
from connectors.sources.records import EndpointRecord
from issues.models import Endpoint, EndpointEvent, MappingRule
from tests.factories import make_endpoint, make_run


def describe(tenant, **values: Any) -> Endpoint:
    """As an import does it, record by record."""
    sink.get().store_endpoints(make_run(tenant), [EndpointRecord(external_id="e1", name="pay-1", **values)])
    return Endpoint.objects.get(external_id="e1")


def happened(endpoint, kind: str, **values: Any) -> EndpointEvent:
    return EndpointEvent.objects.create(endpoint=endpoint, kind=kind, **{"at": timezone.now(), **values})


def page_of(client, endpoint) -> str:
    return " ".join(client.get(endpoint.get_absolute_url()).content.decode().split())


def test_leaving_and_coming_back_is_kept_once_each(tenant):
    endpoint = describe(tenant, agent_version="1")
    for version, gone in (("2", True), ("3", True), ("4", False), ("5", False)):
        describe(tenant, agent_version=version, decommissioned=gone)
    assert [event.kind for event in endpoint.events.order_by("pk")] == ["decommissioned", "returned"]


def test_what_was_never_in_use_did_not_leave(tenant):
    assert not describe(tenant, decommissioned=True).events.exists()


def test_what_was_only_known_by_its_findings_did_not_leave_either(tenant, payroll):
    make_endpoint(tenant, payroll, "pay-1", external_id="e1")
    assert not describe(tenant, decommissioned=True).events.exists()


def test_the_page_tells_it_newest_first(ada_client, ben, tenant, payroll):
    host = make_endpoint(tenant, payroll, "pay-1")
    now = timezone.now()
    happened(host, "moved", before="Unassigned", after="Web shop", at=now - timedelta(days=3))
    happened(host, "pinned", before="Web shop", after="Payroll", user=ben, note="Their test bench", at=now)
    page = page_of(ada_client, host)
    assert "Moved from Unassigned to Web shop" in page
    assert "<b>ben</b> pinned it from Web shop to Payroll" in page
    assert page.index("pinned it from") < page.index("Moved from") < page.index("First seen</p>")
    assert "Pinned by ben" in page
    assert "Their test bench" in page


def test_an_owner_learns_no_names_of_other_applications(olga_client, ada_client, tenant, payroll):
    host = make_endpoint(tenant, payroll, "pay-1")
    happened(host, "moved", before="Secret project", after="Payroll")
    assert "Moved from another application to Payroll" in page_of(olga_client, host)
    assert "Moved from Secret project to Payroll" in page_of(ada_client, host)


def test_the_rule_that_decided_is_said_in_words(ada_client, tenant, payroll):
    MappingRule.objects.all().delete()
    conditions = [{"field": "tag:app", "operator": "is", "value": "payments"}]
    MappingRule.objects.create(position=3, name="Others", conditions=[], application=payroll)
    rule = MappingRule.objects.create(position=7, name="By tag", conditions=conditions, application=payroll)
    host = make_endpoint(tenant, payroll, "pay-1", mapped_by=rule)
    Endpoint.objects.update(pinned=False)
    page = page_of(ada_client, host)
    assert "Rule 2, <b>By tag</b>" in page
    assert "Tag app is payments → Payroll" in page
