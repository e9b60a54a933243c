"""Applications: the list, one of them, and in words how endpoints find their place."""

from __future__ import annotations

import re

from issues.models import Application, MappingRule
from tests.factories import make_application, make_endpoint, make_issue, make_issues


def names(response) -> list[str]:
    return re.findall(r'<a class="title" href="/applications/[^"]+">([^<]+)</a>', response.content.decode())


def test_the_riskiest_stand_first(ada_client, tenant, payroll, shop):
    make_issues(5, tenant, payroll, vendor_severity="medium")
    make_issue(tenant, shop, vendor_severity="critical")
    page = ada_client.get("/applications/")
    assert names(page)[:2] == ["Web shop", "Payroll"]
    assert 'aria-label="5 medium"' in page.content.decode()


def test_every_head_sorts(ada_client, tenant, payroll, shop):
    make_issues(5, tenant, payroll, vendor_severity="medium")
    make_issue(tenant, shop, vendor_severity="critical", endpoints=3)
    assert names(ada_client.get("/applications/?sort=-issues"))[0] == "Payroll"
    assert names(ada_client.get("/applications/?sort=-endpoints"))[0] == "Web shop"
    ordered = names(ada_client.get("/applications/?sort=name"))
    assert ordered == sorted(ordered)
    assert names(ada_client.get("/applications/?sort=-name")) == sorted(ordered, reverse=True)
    assert names(ada_client.get("/applications/?sort=nonsense"))


def test_unassigned_is_always_listed(ada_client, tenant, payroll):
    Application.objects.unassigned()
    assert "Unassigned" in names(ada_client.get("/applications/"))


def test_they_can_be_searched(ada_client, payroll, shop):
    assert names(ada_client.get("/applications/?q=pay")) == ["Payroll"]
    assert "No application has this in its name" in ada_client.get("/applications/?q=zzz").content.decode()


def test_fifty_a_page(ada_client, db):
    for number in range(55):
        make_application(f"Service {number:02}")
    assert len(names(ada_client.get("/applications/?sort=name"))) == 50
    assert 'href="?sort=name&amp;page=2" rel="next"' in ada_client.get("/applications/?sort=name").content.decode()
    assert "Service 54" in names(ada_client.get("/applications/?sort=name&page=2"))


def test_rules_are_said_in_words(ada_client, shop):
    MappingRule.objects.all().delete()
    conditions = [
        {"field": "site", "operator": "is", "value": "Berlin"},
        {"field": "name", "operator": "glob", "value": "pay-*"},
    ]
    MappingRule.objects.create(position=1, name="Berlin", conditions=conditions, application=shop)
    tagged = [{"field": "tag:app", "operator": "exists"}]
    MappingRule.objects.create(position=2, name="Tags", conditions=tagged, application_per="tag:app")
    page = ada_client.get("/applications/").content.decode()
    assert "Site is Berlin and name matches pay-* → Web shop" in page
    assert "Tag app is set → one application per tag app" in page


def test_an_owner_sees_hers_and_no_rules(olga_client, payroll, shop):
    page = olga_client.get("/applications/")
    assert names(page) == ["Payroll"]
    assert "How endpoints find their application" not in page.content.decode()


def test_one_application_shows_its_worst_issues_endpoints_and_software(ada_client, tenant, payroll):
    make_issue(tenant, payroll, endpoints=["pay-1"], software_name="OpenSSL", vendor_severity="critical")
    page = ada_client.get("/applications/payroll/").content.decode()
    for text in ("OpenSSL", "pay-1", "Pinned by a person", "Owned by olga", "Priority 3", "1 critical"):
        assert text in page
    assert 'href="/issues/?application=payroll"' in page


def test_every_endpoint_names_the_rule_that_put_it_there(ada_client, tenant, payroll):
    rule = MappingRule.objects.create(position=99, name="By tag", application=payroll)
    make_endpoint(tenant, payroll, "pay-1", mapped_by=rule)
    payroll.endpoints.update(pinned=False)
    page = ada_client.get("/applications/payroll/").content.decode()
    assert page.count("Rule: By tag") == 2  # beside the endpoint, and in the sum of how they were mapped


def test_unassigned_says_what_it_is(ada_client, db):
    Application.objects.unassigned()
    assert "no rule claims" in ada_client.get("/applications/unassigned/").content.decode()


def test_what_one_does_not_own_is_not_there(olga_client, payroll, shop):
    assert olga_client.get("/applications/web-shop/").status_code == 404
    assert olga_client.get("/applications/payroll/").status_code == 200
    assert olga_client.get("/applications/never-heard-of/").status_code == 404
