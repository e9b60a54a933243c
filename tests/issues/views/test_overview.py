"""The overview: only numbers that exist, and a way out when there are none."""

from __future__ import annotations

import re

from issues.models import Issue
from tests.factories import make_connection, make_issue, make_issues, make_run


def numbers_of_the_funnel(page: str) -> list[str]:
    funnel = page[page.index('<ol class="funnel">') : page.index("</ol>", page.index('<ol class="funnel">'))]
    return re.findall(r'<span class="n">([\d,]+)</span>', funnel)


def test_it_counts_issues_by_severity_and_leads_to_them(ada_client, tenant, payroll):
    make_issues(3, tenant, payroll, vendor_severity="high")
    page = ada_client.get("/").content.decode()
    assert re.search(
        r'href="/issues/\?severity=high" class="stat">.*?<span class="stat-value">3</span>', page, re.DOTALL
    )


def test_the_funnel_goes_from_findings_to_what_is_urgent(ada_client, tenant, payroll):
    make_issue(tenant, payroll, vendor_severity="high", endpoints=4)
    make_issue(tenant, payroll, vendor_severity="critical", severity="low", endpoints=2)
    make_issue(tenant, payroll, vendor_severity="low")
    assert numbers_of_the_funnel(ada_client.get("/").content.decode()) == ["7", "3", "2", "1"]


def test_the_riskiest_applications_are_named(ada_client, tenant, payroll, shop):
    make_issue(tenant, payroll, vendor_severity="low")
    make_issue(tenant, shop, vendor_severity="critical")
    page = ada_client.get("/").content.decode()
    assert page.index("Web shop") < page.index("Payroll")


def test_connections_and_their_last_imports_are_told(ada_client, tenant, payroll):
    make_issue(tenant, payroll)
    make_connection("Broken", problem_code="token_refused", problem="SentinelOne refused the API token.")
    make_run(tenant, issues_created=12, issues_resolved=5)
    page = ada_client.get("/").content.decode()
    assert "Needs attention" in page
    assert "SentinelOne refused the API token." in page
    assert "12 new, 5 resolved" in page


def test_without_anything_an_admin_is_led_to_connect(ada_client):
    page = ada_client.get("/").content.decode()
    assert "Nothing to show yet" in page
    assert "/connectors/sentinelone/connect/" in page
    assert "Open the queue" not in page


def test_an_owner_gets_her_own_numbers_and_no_connections(olga_client, tenant, payroll, shop):
    make_issue(tenant, payroll)
    make_issues(4, tenant, shop)
    page = olga_client.get("/").content.decode()
    assert numbers_of_the_funnel(page)[1] == "1"
    assert "Web shop" not in page
    assert "Last imports" not in page
    assert Issue.objects.count() == 5
