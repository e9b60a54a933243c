"""What the pages cost: the same few queries, however many rules, endpoints and versions there are."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from issues.mapping.rules import parse
from issues.mapping.save import current_revision, save
from issues.models import Application, Endpoint
from tests.factories import DETECTED, make_application
from tests.issues.mapping_pages.forms import URL, Form

pytestmark = pytest.mark.django_db
API = "/api/v1/mapping-rules/"


@pytest.fixture
def grow(tenant, ada):
    def more() -> None:
        """Sixty endpoints, applications, rules and versions."""
        unassigned = Application.objects.unassigned()
        Endpoint.objects.bulk_create(
            Endpoint(connection=tenant, external_id=f"g{n}", name=f"pay-{n}", site_name=f"Site {n}",
                     tags=[["t", str(n)]], first_seen=DETECTED, application=unassigned)
            for n in range(60)
        )  # fmt: skip
        rules = [
            {"name": f"R{n}", "conditions": [{"field": "site", "operator": "is", "value": f"Lab {n}"}],
             "application": make_application(f"Application {n:03}").name}
            for n in range(60)
        ]  # fmt: skip
        for number in range(3):
            save(parse(rules[: 60 - number]), ada, f"Version {number}")

    return more


def queries(ask) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        assert ask().status_code == 200
    return len(asked)


def test_pages_and_api_cost_what_is_written_here(ben, ben_client, api_of, hosts, grow):
    current_revision()
    api = api_of(ben)
    form = Form.of(ben_client.get(URL)).posted("preview")

    def costs() -> dict[str, int]:
        return {
            "page": queries(lambda: ben_client.get(URL)),
            "preview": queries(lambda: ben_client.post(URL, form)),
            "work": queries(lambda: ben_client.get(f"{URL}work/")),
            "api": queries(lambda: api.get(API)),
        }

    costs()  # ben's role is asked once
    few = costs()
    grow()
    assert costs() == few
    assert few == {"page": 20, "preview": 13, "work": 4, "api": 2}
