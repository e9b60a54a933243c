"""Applications over REST: what they say, and who may change what."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connectors.access import role_of
from issues.models import Application, ApplicationEvent, ApplicationMember, MappingRule
from tests.factories import make_application, make_endpoint, make_issue, make_issues

URL = "/api/v1/applications/"


def test_an_application_says_how_it_stands(tenant, payroll, api_of, vic):
    make_issue(tenant, payroll, endpoints=2, severity="critical")
    make_issue(tenant, payroll, state="resolved")

    said = api_of(vic).get(f"{URL}payroll/").json()

    assert (said["id"], said["slug"], said["name"], said["owners"]) == ("payroll", "payroll", "Payroll", ["olga"])
    assert (said["business_priority"], said["environment"], said["internet_facing"]) == (3, "", False)
    assert said["endpoints"] == 3
    assert said["issues"] == {"critical": 1, "high": 0, "medium": 0, "low": 0, "info": 0, "unknown": 0}


def test_an_analyst_makes_and_changes_an_application(api_of, ben, ada):
    api = api_of(ben)

    made = api.post(URL, {"name": "  Fleet   portal ", "environment": "production", "owners": ["ben"]})
    changed = api.patch(f"{URL}{made.json()['id']}/", {"name": "Fleet", "business_priority": 1, "owners": ["ada"]})

    assert (made.status_code, made.json()["name"], made.json()["owners"]) == (201, "Fleet portal", ["ben"])
    assert (changed.status_code, changed.json()["slug"], changed.json()["owners"]) == (200, "fleet-portal", ["ada"])
    stored = Application.objects.get(slug="fleet-portal")
    assert (stored.name, stored.business_priority, stored.environment) == ("Fleet", 1, "production")


def test_everything_that_can_be_said_of_it_comes_back(api_of, ben, ada, olga):
    body: dict[str, Any] = {
        "name": "Ledger", "business_priority": 1, "environment": "production", "internet_facing": True,
        "sensitive_data": True, "description": "Books.", "tags": ["PCI", "team  blue", "pci"],
        "links": [{"label": "Runbook", "url": "https://wiki.example/run"}, {"url": "http://git.example/ledger"}],
        "members": [{"user": "olga", "role": "owner"}, {"user": "ada", "role": "security"}],
    }  # fmt: skip

    made = api_of(ben).post(URL, body)

    said = made.json()
    assert made.status_code == 201
    assert {name: said[name] for name in body} == body | {
        "tags": ["pci", "team blue"],
        "links": [*body["links"][:1], {"label": "git.example/ledger", "url": "http://git.example/ledger"}],
        "members": [{"user": "ada", "role": "security"}, {"user": "olga", "role": "owner"}],
    }
    assert (said["owners"], said["risk"], said["findings"], said["endpoints"]) == (["olga"], 0, 0, 0)


def test_risk_weighs_findings_by_severity(tenant, payroll, api_of, vic):
    make_issue(tenant, payroll, endpoints=2, vendor_severity="critical")
    make_issue(tenant, payroll, vendor_severity="medium")

    said = api_of(vic).get(f"{URL}payroll/").json()

    assert (said["findings"], said["risk"]) == (3, 2 * 40 + 3)


def test_every_change_is_told_and_asks_for_severities(payroll, api_of, ben, queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        api_of(ben).patch(f"{URL}payroll/", {"business_priority": 1, "tags": ["pci"], "owners": ["ben"]})

    events = ApplicationEvent.objects.filter(application=payroll).order_by("pk")
    assert [(e.kind, e.text, e.user) for e in events] == [
        ("changed", "Business priority 3 → 1", ben),
        ("changed", "Tags added: pci", ben),
        ("members", "Owner ben added", ben),
        ("members", "Owner olga removed", ben),
    ]
    assert queue.functions == ["issues.tasks.recompute"]


def test_what_changes_nothing_is_not_told(payroll, api_of, ben, queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        api_of(ben).patch(f"{URL}payroll/", {"business_priority": 3, "owners": ["olga"]})

    assert not ApplicationEvent.objects.filter(application=payroll).exists()
    assert queue.functions == []


@pytest.mark.parametrize("query", ["environment=moon", "priority=6", "internet_facing=perhaps", "q=" + "x" * 201])
def test_a_filter_that_means_nothing_is_refused(api_of, vic, query):
    response = api_of(vic).get(f"{URL}?{query}")

    assert (response.status_code, list(response.json())) == (400, [query.partition("=")[0]])


def test_a_watcher_who_is_named_owner_becomes_one(payroll, api_of, ada, ben):
    ApplicationMember.objects.create(application=payroll, user=ben, role="watcher")

    assert api_of(ada).patch(f"{URL}payroll/", {"owners": ["ben"]}).json()["owners"] == ["ben"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "Payroll"}, "name"),
        ({"name": "payroll  " * 30}, "name"),
        ({"name": "A", "business_priority": 6}, "business_priority"),
        ({"name": "A", "environment": "moon"}, "environment"),
        ({"name": "A", "owners": ["nobody"]}, "owners"),
        ({"name": "A", "owners": ["ada"], "members": []}, "owners"),
        ({"name": "A", "members": [{"user": "ada", "role": "king"}]}, "members"),
        ({"name": "A", "members": [{"user": "ada", "role": "owner"}, {"user": "ada", "role": "watcher"}]}, "members"),
        ({"name": "A", "tags": ["a,b"]}, "tags"),
        ({"name": "A", "tags": ["x" * 61]}, "tags"),
        ({"name": "A", "tags": [str(n) for n in range(31)]}, "tags"),
        ({"name": "A", "links": [{"label": "Run", "url": "javascript:alert(1)"}]}, "links"),
        ({"name": "A", "links": [{"label": "Run", "url": "ftp://files.example"}]}, "links"),
        ({"name": "A", "links": [{"label": "Run"}]}, "links"),
    ],
)
def test_what_makes_no_application_is_refused_by_field(payroll, api_of, ada, body, field):
    response = api_of(ada).post(URL, body)

    assert (response.status_code, list(response.json())) == (400, [field])


def test_a_name_that_is_taken_but_for_its_blanks_is_refused(shop, api_of, ada):
    assert api_of(ada).post(URL, {"name": "Web   shop"}).status_code == 400


def test_unassigned_keeps_its_name_and_stays(api_of, ada):
    unassigned = Application.objects.unassigned()
    api = api_of(ada)

    renamed = api.patch(f"{URL}{unassigned.slug}/", {"name": "Rest"})
    deleted = api.delete(f"{URL}{unassigned.slug}/")

    assert renamed.status_code == deleted.status_code == 409
    assert api.patch(f"{URL}{unassigned.slug}/", {"business_priority": 5}).status_code == 409
    assert api.patch(f"{URL}{unassigned.slug}/", {"environment": "production"}).status_code == 200
    assert Application.objects.get(slug="unassigned").name == "Unassigned"


def test_an_application_goes_only_when_nothing_belongs_to_it(tenant, payroll, shop, api_of, ben):
    api = api_of(ben)
    host = make_endpoint(tenant, payroll)
    make_issue(tenant, shop).all_findings.update(endpoint=host)
    shop.endpoints.all().delete()

    mapped = api.delete(f"{URL}payroll/")
    assert (mapped.status_code, mapped.json()) == (
        409, {"detail": "1 endpoint belongs to it. Map them to another application first."},
    )  # fmt: skip
    assert "Past issues" in api.delete(f"{URL}web-shop/").json()["detail"]

    ruled = make_application("Ruled")
    MappingRule.objects.create(position=900, name="By name", application=ruled)
    assert "“By name”" in api.delete(f"{URL}ruled/").json()["detail"]

    MappingRule.objects.filter(application=ruled).delete()
    assert api.delete(f"{URL}ruled/").status_code == 204
    assert not Application.objects.filter(slug="ruled").exists()


def test_owners_see_theirs_and_change_nothing(payroll, shop, api_of, olga):
    api = api_of(olga)

    assert [a["name"] for a in api.get(URL).json()["results"]] == ["Payroll"]
    assert api.get(f"{URL}web-shop/").status_code == 404
    assert api.patch(f"{URL}payroll/", {"business_priority": 1}).status_code == 403
    assert api.post(URL, {"name": "Mine"}).status_code == 403
    assert api.delete(f"{URL}payroll/").status_code == 403
    assert not ApplicationEvent.objects.exists()


def test_who_only_looks_changes_nothing(payroll, api_of, vic):
    api = api_of(vic)

    assert api.get(f"{URL}payroll/").status_code == 200
    assert api.patch(f"{URL}payroll/", {"tags": ["pci"]}).status_code == 403
    assert api.post(URL, {"name": "Mine"}).status_code == 403
    assert api.delete(f"{URL}payroll/").status_code == 403


def test_applications_are_found_by_name_owner_and_environment(payroll, shop, api_of, ben, walk):
    make_application("Shop floor", environment="production")

    assert [a["name"] for a in walk(api_of(ben), f"{URL}?q=SHOP&page_size=1")] == ["Shop floor", "Web shop"]
    assert [a["name"] for a in walk(api_of(ben), f"{URL}?owner=olga")] == ["Payroll"]
    assert [a["name"] for a in walk(api_of(ben), f"{URL}?environment=production")] == ["Shop floor"]


def test_many_applications_cost_as_many_queries_as_one(tenant, payroll, api_of, ben, django_assert_num_queries):
    role_of(ben)
    with CaptureQueriesContext(database) as one:
        api_of(ben).get(URL)
    for n in range(10):
        make_issues(2, tenant, make_application(f"A{n}", owners=[ben]))

    with django_assert_num_queries(len(one)):
        assert api_of(ben).get(URL).json()["count"] >= 11
