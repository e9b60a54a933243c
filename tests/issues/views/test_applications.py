"""Applications: the list, one of them, and in words how endpoints find their place."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.http import QueryDict

from issues.models import Application, ApplicationDay, ApplicationMember, ApplicationTag, MappingRule
from issues.queue.application_list import list_applications
from issues.queue.trends import utc_today
from issues.severity.risk import IN_WORDS
from tests.factories import make_application, make_issue, make_issues


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
    assert "No application matches these filters" in ada_client.get("/applications/?q=zzz").content.decode()


def test_they_are_found_by_tag_too(ada_client, payroll, shop):
    ApplicationTag.objects.create(application=shop, name="team-blue")
    assert names(ada_client.get("/applications/?q=BLUE+shop")) == ["Web shop"]


@pytest.fixture
def four(payroll, shop, ada) -> None:
    """Payroll is Olga's; Ada watches Till, which is a production one tagged pci, as is the internet-facing Shop."""
    till = make_application("Till", environment="production", business_priority=1)
    Application.objects.filter(pk=shop.pk).update(environment="production", internet_facing=True)
    ApplicationTag.objects.bulk_create([ApplicationTag(application=a, name="pci") for a in (till, shop)])
    ApplicationMember.objects.create(application=till, user=ada, role="watcher")
    Application.objects.unassigned()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("tag=PCI", ["Till", "Web shop"]),
        ("tag=pci&priority=1", ["Till"]),
        ("priority=1&priority=3", ["Payroll", "Till", "Web shop"]),
        ("environment=none", ["Payroll", "Unassigned"]),
        ("environment=none&environment=production", ["Payroll", "Till", "Unassigned", "Web shop"]),
        ("internet_facing=true", ["Web shop"]),
        ("sensitive_data=true", []),
        ("owner=olga", ["Payroll"]),
        ("owner=~nobody", ["Till", "Unassigned", "Web shop"]),
        ("mine=true", ["Till"]),
        ("q=l&tag=pci", ["Till"]),
    ],
)
def test_filters_narrow_the_list_as_they_do_the_api(ada_client, api_of, ada, four, asked, found):
    assert names(ada_client.get(f"/applications/?sort=name&{asked}")) == found
    assert [a["name"] for a in api_of(ada).get(f"/api/v1/applications/?{asked}").json()["results"]] == found


def test_every_option_shows_what_it_says(ada, four):
    for start in ("", "tag=pci", "environment=production&internet_facing=false", "q=a&owner=~nobody"):
        for facet in list_applications(ada, QueryDict(start)).facets:
            for option in facet.options:
                alone = QueryDict(start, mutable=True)
                alone.setlist(facet.name, [option.value])
                assert list_applications(ada, alone).total == option.count, (start, facet.name, option.value)


def test_filters_in_use_are_chips_that_go(ada_client, four):
    page = ada_client.get("/applications/?tag=pci&owner=~nobody&environment=moon").content.decode()
    assert 'aria-label="Remove filter Tag: pci"' in page
    assert 'aria-label="Remove filter Owner: Nobody"' in page
    assert "“moon” is not one of production, staging, development, none. It was left out." in page


def test_htmx_gets_the_list_alone_and_the_address_to_keep(ada_client, four):
    part = ada_client.get("/applications/?tag=pci&q=", headers={"HX-Request": "true", "HX-Target": "results"})
    assert (names(part), part["HX-Push-Url"]) == (["Till", "Web shop"], "/applications/?tag=pci")
    assert "<html" not in part.content.decode()


def test_it_sorts_by_what_findings_weigh_and_says_how(ada_client, tenant, payroll, shop):
    make_issue(tenant, payroll, vendor_severity="high", endpoints=5)
    make_issue(tenant, shop, vendor_severity="critical")
    assert names(ada_client.get("/applications/?sort=-risk"))[:2] == ["Payroll", "Web shop"]
    page = ada_client.get("/applications/").content.decode()
    assert IN_WORDS in page
    assert '<td class="num strong">50</td>' in page


def test_unassigned_has_no_priority_and_stands_last(ada_client, four):
    assert names(ada_client.get("/applications/?sort=priority"))[::3] == ["Till", "Unassigned"]
    assert names(ada_client.get("/applications/?sort=-priority"))[-1] == "Unassigned"


def test_change_is_since_a_week_ago(ada_client, tenant, payroll, shop):
    make_issues(5, tenant, payroll)
    make_issues(2, tenant, shop)
    week_ago = utc_today() - timedelta(days=7)
    ApplicationDay.objects.all().delete()
    ApplicationDay.objects.create(application=payroll, day=week_ago - timedelta(days=2), high=1)  # nobody counted after
    ApplicationDay.objects.create(application=shop, day=week_ago, high=9)
    assert names(ada_client.get("/applications/?sort=-change"))[:2] == ["Payroll", "Web shop"]
    page = ada_client.get("/applications/?sort=change")
    assert names(page)[0] == "Web shop"
    assert '<span class="sr">up by </span>4' in page.content.decode()
    assert '<span class="sr">down by </span>7' in page.content.decode()


def test_only_who_may_edit_gets_boxes_and_buttons(ben_client, vic_client, olga_client, payroll):
    assert 'name="application" value="payroll"' in ben_client.get("/applications/").content.decode()
    for client in (vic_client, olga_client):
        page = client.get("/applications/").content.decode()
        assert 'name="application"' not in page
        assert "/applications/new/" not in page


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
