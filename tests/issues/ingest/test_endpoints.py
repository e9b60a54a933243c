"""Endpoints are stored as the source describes them, and only what it says otherwise is written again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import Model

from connectors import sink
from connectors.models import Connection
from connectors.sources.records import EndpointRecord
from issues.ingest import bulk, endpoints
from issues.models import Endpoint
from tests.factories import make_application, make_connection, make_endpoint, make_run

pytestmark = pytest.mark.django_db
LAPTOP = EndpointRecord(
    external_id="e1", name="lap-1", uuid="u-1", type="laptop", os="windows", os_name="Windows 11 \"Pro\" 100 %",
    domain="corp.example", account_id="a1", account_name="Acme", site_id="s1", site_name="Berlin", group_id="g1",
    group_name="Default", customer_id="c-1", external_ip="8.8.4.4", ou="OU=Ω,DC=corp", cloud_provider="AWS",
    cloud_account="42", tags=(("app", "Payroll"), ("env", "it's")), cloud_tags=(("Name", "x"),), agent_version="24.1",
    active=True, last_active_at=datetime(2026, 5, 17, 4, 3, 2, 100, UTC),
)  # fmt: skip


@pytest.fixture
def tenant() -> Connection:
    return make_connection()


def store(tenant: Connection, *records: EndpointRecord) -> None:
    sink.get().store_endpoints(make_run(tenant), records)


def stored(external_id: str = "e1") -> dict[str, Any]:
    """What is stored of it, in the words of the record."""
    endpoint = Endpoint.objects.get(external_id=external_id)
    names = {name: getattr(endpoint, name) for name in endpoints.SAME}
    renamed = {name: getattr(endpoint, ours) for name, ours in endpoints.RENAMED.items()}
    return {**names, **renamed, "tags": endpoint.tags, "cloud_tags": endpoint.cloud_tags}


def said(record: EndpointRecord) -> dict[str, Any]:
    words = {name: getattr(record, name) for name in record.__slots__ if name != "external_id"}
    return words | {"tags": [list(t) for t in record.tags], "cloud_tags": [list(t) for t in record.cloud_tags]}


def test_everything_that_the_source_says_is_stored(tenant: Connection) -> None:
    store(tenant, LAPTOP, EndpointRecord("e2", "bare"))
    assert (stored("e1"), stored("e2")) == (said(LAPTOP), said(EndpointRecord("e2", "bare")))


def test_whatever_changes_is_written_for_each(tenant: Connection) -> None:
    others: dict[str, dict[str, Any]] = {
        "e2": {"tags": (), "active": None, "last_active_at": None},
        "e3": {"os_name": "Windows 12", "tags": (("app", "Web"),)},
        "e4": {"decommissioned": True, "site_id": "s2", "site_name": "Paris"},
    }
    store(tenant, LAPTOP, *(replace(LAPTOP, external_id=key) for key in others))
    first_seen = dict(Endpoint.objects.values_list("external_id", "first_seen"))

    news = [replace(LAPTOP, external_id=key, **values) for key, values in others.items()]
    store(tenant, LAPTOP, *news, replace(LAPTOP, external_id="e5"))

    assert stored("e1") == said(LAPTOP)
    assert [stored(record.external_id) for record in news] == [said(record) for record in news]
    assert first_seen.items() < dict(Endpoint.objects.values_list("external_id", "first_seen")).items()


def test_only_what_differs_is_written(tenant: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Sequence[str]] = []

    def update(model: type[Model], columns: Sequence[str], rows: Sequence[bulk.Row]) -> None:
        written.append(columns)
        bulk.update(model, columns, rows)

    monkeypatch.setattr(endpoints, "update", update)
    store(tenant, LAPTOP)
    store(tenant, LAPTOP)
    store(tenant, replace(LAPTOP, last_active_at=datetime(2026, 5, 18, tzinfo=UTC)))
    assert written == [("last_active_at", "fingerprint")]


def test_the_last_word_of_a_page_counts(tenant: Connection) -> None:
    store(tenant, LAPTOP, replace(LAPTOP, name="renamed"))
    assert stored()["name"] == "renamed"


def test_text_of_any_length_is_cut_to_what_fits(tenant: Connection) -> None:
    store(tenant, replace(LAPTOP, name="x" * 999, ou="y" * 9_999))
    store(tenant, replace(LAPTOP, name="z" * 999, ou="y" * 9_999))
    assert (stored()["name"], stored()["ou"]) == ("z" * 300, "y" * 9_999)


def test_one_that_only_findings_told_of_is_described_later(tenant: Connection) -> None:
    host = make_endpoint(tenant, make_application("Payroll"), external_id="e1")
    store(tenant, replace(LAPTOP, decommissioned=True))
    host.refresh_from_db()
    assert (stored(), host.application.name) == (said(replace(LAPTOP, decommissioned=True)), "Payroll")  # it is pinned
