"""What was found on one endpoint: by software and version, with true numbers on every page."""

from __future__ import annotations

import re

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from issues.models import Vulnerability
from issues.queue.installed import installed_on
from tests.factories import make_endpoint, make_finding, make_issues


@pytest.fixture
def host(tenant, payroll):
    return make_endpoint(tenant, payroll, "pay-1")


def found(tenant, payroll, host, **values):
    return make_finding(tenant, payroll, host, **values)


def test_versions_are_groups_of_their_own_the_worst_first(ada, tenant, payroll, host):
    found(tenant, payroll, host, software_name="Chrome", software_version="119", vendor_severity="low")
    found(tenant, payroll, host, software_name="Chrome", software_version="120", vendor_severity="high")
    found(tenant, payroll, host, software_name="Chrome", software_version="120", vendor_severity="medium")
    found(tenant, payroll, host, software_name="OpenSSL", software_version="3", vendor_severity="critical")
    installed = installed_on(host, ada)
    assert [(p.software.name, p.version, p.total) for p in installed.products] == [
        ("OpenSSL", "3", 1), ("Chrome", "120", 2), ("Chrome", "119", 1),
    ]  # fmt: skip
    assert installed.products[1].counts == {"high": 1, "medium": 1}
    assert (installed.findings, installed.versions) == (4, 3)


def test_pages_of_200_show_every_finding_once_and_count_whole_groups(ada, ada_client, tenant, payroll, host):
    make_issues(1, tenant, payroll)
    other = payroll.endpoints.exclude(pk=host.pk).get()
    make_issues(230, tenant, payroll, software_name="Kernel")
    payroll.endpoints.exclude(pk=host.pk).exclude(pk=other.pk).get().findings.update(endpoint=host)
    first, second = installed_on(host, ada), installed_on(host, ada, "2")
    shown = [finding.pk for page in (first, second) for p in page.products for finding in p.findings]
    assert (len(shown), len(set(shown))) == (230, 230)
    assert [(p.total, len(p.findings)) for p in (first.products[0], second.products[0])] == [(230, 200), (230, 30)]
    page = ada_client.get(host.get_absolute_url()).content.decode()
    assert re.search(r'href="\?page=2" rel="next"', page)
    assert "200 of 230 on this page" in page
    assert ada_client.get(f"{host.get_absolute_url()}?page=nonsense").status_code == 200


def test_many_findings_cost_as_many_queries_as_one(ada_client, tenant, payroll, host):
    found(tenant, payroll, host)
    with CaptureQueriesContext(database) as one:
        ada_client.get(host.get_absolute_url())
    for number in range(15):
        found(tenant, payroll, host, software_name=f"Tool {number}")
    with CaptureQueriesContext(database) as many:
        ada_client.get(host.get_absolute_url())
    assert len(many) == len(one)


def test_what_is_exploited_or_excluded_is_marked(ada_client, tenant, payroll, host):
    found(tenant, payroll, host, cve="CVE-2026-10001")
    found(tenant, payroll, host, software_name="Quiet tool", false_positive=True)
    Vulnerability.objects.filter(cve="CVE-2026-10001").update(kev=True)
    page = ada_client.get(host.get_absolute_url()).content.decode()
    assert '<span class="tag tag-kev">KEV</span>' in page
    assert '<span class="tag">Excluded</span>' in page
