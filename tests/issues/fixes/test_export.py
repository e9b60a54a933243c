"""The file for those who do the updates: a row for each endpoint and product, and nothing that runs."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest

from issues.ingest import fixes
from issues.models import Vulnerability
from issues.queue.sheet import cell
from tests.factories import make_endpoint, make_finding, make_issue


@pytest.fixture
def _stored(tenant, payroll, shop):
    host = make_endpoint(tenant, payroll, "laptop-1", site_name="Berlin")
    for cve, version, word in (("CVE-2026-1", "9.0", "low"), ("CVE-2026-2", "10.0", "critical")):
        make_finding(
            tenant, payroll, host, cve=cve, software_version=version, software_name="=cmd", vendor_severity=word
        )
    Vulnerability.objects.filter(cve="CVE-2026-2").update(kev=True)
    make_issue(tenant, shop, software_name="Chrome", endpoints=["@web-1", "web-2"], vendor_severity="high")
    make_issue(tenant, shop, software_name="Excluded", state="excluded")
    fixes.settle()


def rows_of(client, query=""):
    answer = client.get(f"/fixes/export.csv{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="fix-first-')
    return list(csv.DictReader(StringIO(answer.getvalue().decode())))


@pytest.mark.usefixtures("_stored")
def test_a_row_for_each_endpoint_and_product_in_the_order_of_the_page(ada_client):
    first, *chrome = rows_of(ada_client)
    assert first == {
        "software": "'=cmd",
        "vendor": "Vendor",
        "newer_than": "10.0",
        "application": "Payroll",
        "endpoint": "laptop-1",
        "site": "Berlin",
        "versions": "9.0, 10.0",
        "cves": "2",
        "exploited_cves": "1",
        "worst_severity": "critical",
    }
    assert [(row["software"], row["endpoint"], row["cves"]) for row in chrome] == [
        ("Chrome", "'@web-1", "1"),
        ("Chrome", "web-2", "1"),
    ]


@pytest.mark.usefixtures("_stored")
def test_it_respects_filters_order_and_what_one_may_see(ada_client, olga_client, vic_client):
    assert [row["software"] for row in rows_of(ada_client, "?application=web-shop")] == ["Chrome", "Chrome"]
    assert [row["software"] for row in rows_of(ada_client, "?sort=-endpoints")] == ["Chrome", "Chrome", "'=cmd"]
    assert {row["application"] for row in rows_of(olga_client)} == {"Payroll"}
    assert rows_of(olga_client, "?software=999") == []
    assert len(rows_of(vic_client)) == 3


@pytest.mark.usefixtures("_stored")
def test_as_json_it_is_the_same_for_scripts(ada_client):
    answer = ada_client.get("/fixes/export.json")
    assert answer["Content-Type"] == "application/json"
    first, *rest = json.loads(answer.getvalue())
    assert (first["software"], first["versions"], first["cves"]) == ("=cmd", ["9.0", "10.0"], 2)
    assert len(rest) == 2
    assert json.loads(ada_client.get("/fixes/export.json?q=nothing").getvalue()) == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_nothing_in_a_cell_is_a_formula(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["7-Zip", "", 5, "a=b"])
def test_other_cells_are_as_they_are(value):
    assert cell(value) == value


@pytest.mark.usefixtures("_stored")
def test_it_is_sent_as_it_is_read(ada_client):
    assert ada_client.get("/fixes/export.csv").streaming


def test_what_it_costs_does_not_grow_with_the_rows(tenant, payroll, ada_client, django_assert_num_queries):
    make_issue(tenant, payroll, software_name="Chrome", endpoints=1)
    fixes.settle()
    rows_of(ada_client)
    with django_assert_num_queries(10) as few:
        rows_of(ada_client)
    make_issue(tenant, payroll, software_name="Java", endpoints=30)
    fixes.settle()
    with django_assert_num_queries(len(few)):
        assert len(rows_of(ada_client)) == 31
