"""How many queries each page costs, kept as data: whoever makes a page dearer has to say so.

RECORD_QUERY_COUNTS=1 writes ``query_counts.json`` anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from issues.ingest.upkeep import keep_up
from tests.factories import make_application, make_endpoint, make_issue, make_issues, make_run

KEPT = Path(__file__).with_name("query_counts.json")
PAGES = (
    "/",
    "/issues/",
    "/issues/?severity=high&source_tool=SentinelOne",
    "/issues/?application=payroll",
    "/issues/?q=7-zip",
    "/issues/?state=resolved",
    "/issues/{issue}/",
    "/issues/{issue}/endpoints/",
    "/applications/",
    "/applications/?owner=~nobody&sort=-change",
    "/applications/bulk/?all=1",
    "/applications/payroll/",
    "/applications/payroll/edit/",
    "/applications/payroll/?view=issues",
    "/applications/payroll/?view=endpoints",
    "/applications/payroll/?view=software",
    "/applications/payroll/?view=compliance",
    "/endpoints/",
    "/endpoints/?type=server&scan=stale&mapped=pinned&sort=-last_scan",
    "/endpoints/{endpoint}/",
    "/fixes/",
    "/fixes/?application=payroll&exploited=true",
    "/fixes/{software}/",
)
MOST = {"/issues/": 10}


@pytest.fixture
def ids(tenant, payroll):
    issue = make_issue(tenant, payroll, endpoints=["first"])
    make_issue(tenant, payroll, state="resolved")
    keep_up()
    return {
        "issue": issue.pk,
        "endpoint": issue.all_findings.get().endpoint_id,
        "software": issue.software_id,
    }


@pytest.fixture
def grow(tenant, payroll, ids, ben):
    def more() -> None:
        """Fifty of everything."""
        make_issues(50, tenant, payroll, software_name="Chrome")
        make_issue(tenant, payroll, endpoints=50, cve="CVE-2026-99999")
        for number in range(50):
            application = make_application(f"Service {number}", owners=[ben])
            make_issue(tenant, application, endpoints=[make_endpoint(tenant, application).name])
        make_run(tenant)
        keep_up()

    return more


def queries(client, page: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


def counted(client, ids) -> dict[str, int]:
    return {page: queries(client, page.format(**ids)) for page in PAGES}


def test_pages_cost_what_is_written_down_and_no_more_with_more_rows(ada_client, ids, grow):
    few = counted(ada_client, ids)
    grow()
    many = counted(ada_client, ids)
    assert many == few
    if os.environ.get("RECORD_QUERY_COUNTS"):
        KEPT.write_text(json.dumps(many, indent=2) + "\n")
    assert many == json.loads(KEPT.read_text())


def test_no_page_costs_more_than_it_may():
    kept = json.loads(KEPT.read_text())
    assert set(kept) == set(PAGES)
    assert all(kept[page] <= most for page, most in MOST.items())
    assert max(kept.values()) <= 20
