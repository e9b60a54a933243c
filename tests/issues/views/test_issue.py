"""One issue's page: why its severity is what it is, where it was found, what the source said, what happened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from issues.models import Endpoint, Finding, Issue
from tests.factories import make_endpoint, make_finding, make_issue

FACTORS = [
    {"code": "epss_low", "name": "EPSS", "type": "Exploitable", "weight": -4.0, "reason": "Hardly ever attacked."}
]


def body(client, issue: Issue, query: str = "") -> str:
    response = client.get(f"/issues/{issue.pk}/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_without_factors_the_ledger_says_where_the_score_comes_from(ada_client, tenant, payroll):
    issue = make_issue(tenant, payroll, vendor_severity="high", cvss=8.1, cvss_version="3.1")
    page = body(ada_client, issue)
    assert "Why this is High" in page
    assert "SentinelOne says High" in page
    assert "The base score of CVSS 3.1 is 8.1." in page
    assert "No severity factor applies" in page
    assert '<svg class="chart wf' not in page


def test_a_score_outside_the_vendors_band_is_said_to_be_held(ada_client, tenant, payroll):
    page = body(ada_client, make_issue(tenant, payroll, vendor_severity="high", cvss=9.8))
    assert "is 9.8, held inside High, 7.0 to 8.9." in page


def test_without_any_score_the_middle_is_owned_up_to(ada_client, tenant, payroll):
    page = body(ada_client, make_issue(tenant, payroll, vendor_severity="medium"))
    assert "It gives no score, so the ledger begins in the middle of Medium, 4.0 to 6.9." in page


def test_an_unknown_severity_has_no_score(ada_client, tenant, payroll):
    page = body(ada_client, make_issue(tenant, payroll, vendor_severity="unknown"))
    assert "SentinelOne names no severity" in page
    assert "there is nothing to begin with" in page
    assert '<span class="score-none">none</span>' in page


def test_factors_are_shown_as_ledger_and_as_a_picture_with_its_sentence(ada_client, tenant, payroll):
    issue = make_issue(tenant, payroll, vendor_severity="high", cvss=8.1, severity="medium", score=4.1)
    Issue.objects.filter(pk=issue.pk).update(factors=FACTORS)
    page = body(ada_client, issue)
    assert "Why this is Medium and not High" in page
    assert "Hardly ever attacked." in page
    assert page.count('<svg class="chart wf') == 2
    assert "Score from vendor High 8.1 to Medium 4.1: EPSS −4.0." in page


def test_endpoints_show_version_and_scan_and_a_way_to_the_console(ada_client, tenant, payroll):
    make_endpoint(tenant, payroll, "srv-1", site_name="Berlin", os_name="Windows Server 2022", type="server")
    issue = make_issue(tenant, payroll, endpoints=["srv-1"], software_version="24.09")
    page = body(ada_client, issue)
    for text in ("srv-1", "24.09", "Berlin", "Windows Server 2022", "/sentinels/devices"):
        assert text in page
    assert ">Stale<" not in page


def test_an_endpoint_that_was_not_scanned_for_long_is_marked(ada_client, tenant, payroll):
    issue = make_issue(tenant, payroll, endpoints=["old"])
    Endpoint.objects.update(last_scan_at=timezone.now() - timedelta(days=31))
    assert ">Stale<" in body(ada_client, issue)


def test_evidence_is_what_the_source_said_of_the_chosen_finding(ada_client, tenant, payroll):
    issue = make_issue(tenant, payroll, endpoints=["a", "b"])
    for name in ("a", "b"):
        Finding.objects.filter(endpoint__name=name).update(evidence=f'{{"computer": "said of {name}"}}')
    chosen = Finding.objects.get(endpoint__name="a")
    assert "said of a" in body(ada_client, issue, f"?finding={chosen.pk}")
    assert "said of b" in body(ada_client, issue)


@pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 30, "²", "0"])
def test_a_finding_that_is_not_there_shows_no_evidence_and_no_error(ada_client, tenant, payroll, nonsense):
    assert "Evidence" in body(ada_client, make_issue(tenant, payroll), f"?finding={nonsense}")


def test_evidence_of_another_issue_stays_there(ada_client, tenant, payroll, shop):
    issue, other = make_issue(tenant, payroll), make_issue(tenant, shop)
    Finding.objects.filter(issue=other).update(evidence='{"secret": "of the shop"}')
    assert "of the shop" not in body(ada_client, issue, f"?finding={other.all_findings.get().pk}")


def test_activity_tells_of_the_birth_and_what_came_after(ada_client, tenant, payroll):
    issue = make_issue(tenant, payroll, state="resolved")
    page = body(ada_client, issue)
    assert "First seen by" in page
    assert f'href="/connectors/runs/{issue.created_run_id}/"' in page
    assert "No longer reported by the source" in page


def test_an_owner_is_not_led_to_imports_she_may_not_see(olga_client, tenant, payroll):
    page = body(olga_client, make_issue(tenant, payroll))
    assert "/connectors/" not in page


def test_the_same_cve_elsewhere_is_named(ada_client, tenant, payroll, shop):
    issue = make_issue(tenant, payroll, cve="CVE-2026-11111")
    other = make_issue(tenant, shop, cve="CVE-2026-11111")
    assert f'href="/issues/{other.pk}/">Web shop</a>' in body(ada_client, issue)


def test_but_not_to_somebody_who_may_not_see_it(olga_client, tenant, payroll, shop):
    issue = make_issue(tenant, payroll, cve="CVE-2026-11111")
    make_issue(tenant, shop, cve="CVE-2026-11111")
    assert "Web shop" not in body(olga_client, issue)


@pytest.mark.parametrize("address", ["/issues/{}/", "/issues/{}/endpoints/"])
def test_what_one_may_not_see_is_not_there(olga_client, payroll, tenant, shop, address):
    assert olga_client.get(address.format(make_issue(tenant, shop).pk)).status_code == 404
    assert olga_client.get(address.format(make_issue(tenant, payroll).pk)).status_code == 200


def test_all_endpoints_can_be_searched_and_paged(ada_client, tenant, payroll):
    issue = make_issue(tenant, payroll, endpoints=[f"host-{n:03}" for n in range(60)])
    page = ada_client.get(f"/issues/{issue.pk}/endpoints/").content.decode()
    assert page.count('<th scope="row"') == 50
    assert 'rel="next"' in page
    found = ada_client.get(f"/issues/{issue.pk}/endpoints/?q=host-007").content.decode()
    assert found.count('<th scope="row"') == 1
    assert "host-007" in found


def test_findings_can_be_shown_by_state(ada_client, tenant, payroll):
    issue = make_issue(tenant, payroll, state="resolved", cve="CVE-2026-22222")
    make_finding(tenant, payroll, make_endpoint(tenant, payroll, "still-there"), cve="CVE-2026-22222")
    page = ada_client.get(f"/issues/{issue.pk}/endpoints/?state=active").content.decode()
    assert page.count('<th scope="row"') == 1
    assert "still-there" in page
