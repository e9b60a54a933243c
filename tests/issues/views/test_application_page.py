"""The page of one application: who may see it, and whether its numbers are right."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from issues.models import (
    Application,
    ApplicationDay,
    ApplicationEvent,
    ApplicationMember,
    Issue,
    IssueEvent,
    MappingRule,
    Vulnerability,
)
from issues.queue.trends import utc_today
from tests.factories import make_endpoint, make_issue, make_issues

HOME = "/applications/payroll/"


def page_of(client, address: str = HOME) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def stat(page: str, label: str) -> str:
    """What stands in one of the six numbers, without markup."""
    found = re.search(rf'<span class="stat-name">(?:<i[^>]*></i>)?{label}</span>(.*?)</(?:a|div)>', page)
    assert found, label
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def day(application, ago: int, **values) -> None:
    ApplicationDay.objects.update_or_create(
        application=application, day=utc_today() - timedelta(days=ago), defaults=values
    )


@pytest.mark.parametrize("who", ["ada", "ben", "olga", "vic"])
def test_whoever_may_see_it_sees_every_part(request, client_of, tenant, payroll, who):
    make_issue(tenant, payroll, endpoints=["pay-1"], software_name="OpenSSL")
    client = client_of(request.getfixturevalue(who))
    for view in ("", "?view=issues", "?view=endpoints", "?view=software", "?view=compliance", "?view=nonsense"):
        assert "Payroll" in page_of(client, HOME + view)


@pytest.mark.parametrize("view", ["", "?view=issues", "?view=endpoints", "?view=software", "?view=compliance"])
def test_what_one_does_not_own_is_not_there(olga_client, payroll, shop, view):
    assert olga_client.get(f"/applications/web-shop/{view}").status_code == 404
    assert olga_client.get(f"/applications/never-heard-of/{view}").status_code == 404


def test_numbers_are_of_active_issues_here(ada_client, tenant, payroll, shop):
    make_issues(3, tenant, payroll, vendor_severity="critical")
    make_issue(tenant, payroll, vendor_severity="low", endpoints=4)
    make_issue(tenant, payroll, state="resolved", vendor_severity="critical")
    make_issue(tenant, shop, vendor_severity="critical")
    page = page_of(ada_client)
    assert stat(page, "Active issues") == "4"
    assert stat(page, "Critical") == "3"
    assert stat(page, "High") == "0"
    assert stat(page, "Risk score") == "124"  # three critical findings and four low ones
    assert stat(page, "Endpoints") == "6 none stale"


def test_changes_are_since_the_same_day_of_last_week(ada_client, tenant, payroll):
    make_issues(2, tenant, payroll, vendor_severity="critical")
    day(payroll, 8, critical=90)
    day(payroll, 7, critical=5, high=1, risk=900)
    day(payroll, 0, critical=2, risk=80)
    page = page_of(ada_client)
    assert stat(page, "Active issues") == "2 down by 4 since last week"
    assert stat(page, "Critical") == "2 down by 3 since last week"
    assert stat(page, "High") == "0 down by 1 since last week"
    assert stat(page, "Risk score") == "80 down by 820 since last week"


def test_without_a_day_to_compare_with_no_change_is_claimed(ada_client, tenant, payroll):
    make_issues(2, tenant, payroll, vendor_severity="critical")
    ApplicationDay.objects.filter(application=payroll).delete()
    day(payroll, 0, critical=2)
    assert "since last week" not in page_of(ada_client)


def test_the_worst_issues_stand_on_it_and_the_rest_is_a_part(ada_client, tenant, payroll):
    make_issues(6, tenant, payroll, vendor_severity="medium")
    worst = make_issue(tenant, payroll, vendor_severity="critical", software_name="OpenSSL")
    page = page_of(ada_client)
    titles = re.findall(r'<a class="title" href="(/issues/\d+/)">', page)
    assert len(titles) == 6
    assert titles[0] == worst.get_absolute_url()
    assert "6 of 7, the worst first" in page
    assert 'href="?view=issues"' in page


def test_the_ways_of_its_endpoints_are_counted_by_rule(ada_client, tenant, payroll):
    MappingRule.objects.all().delete()
    conditions = [{"field": "name", "operator": "glob", "value": "pay-*"}]
    MappingRule.objects.create(position=1, name="Others", conditions=[], application=payroll)
    rule = MappingRule.objects.create(position=2, name="By name", conditions=conditions, application=payroll)
    for number in range(3):
        make_endpoint(tenant, payroll, f"pay-{number}", mapped_by=rule)
    payroll.endpoints.update(pinned=False)
    make_endpoint(tenant, payroll, "odd")
    page = page_of(ada_client)
    assert '<span class="order">2</span>' in page
    assert "Name matches pay-*" in page
    assert f'href="?view=endpoints&amp;mapped={rule.pk}"' in page
    assert 'href="?view=endpoints&amp;mapped=pinned"' in page
    assert re.findall(r'<span class="n">(\d+)</span><svg', page) == ["3", "1"]


def test_people_links_and_tags_are_named(ada_client, payroll, ben, vic):
    ApplicationMember.objects.create(application=payroll, user=ben, role="security")
    ApplicationMember.objects.create(application=payroll, user=vic, role="watcher")
    payroll.tags.create(name="pci")
    payroll.description = "Pays everybody <b>on time</b>"
    payroll.links = [{"label": "Runbook", "url": "https://wiki.example.com/pay"}]
    payroll.save()
    page = page_of(ada_client)
    for text in (
        "<dt>Owner</dt><dd>olga</dd>", "<dt>Security contact</dt><dd>ben</dd>", "<dt>Watcher</dt><dd>vic</dd>",
        ">pci<", 'href="https://wiki.example.com/pay"', "Pays everybody &lt;b&gt;on time&lt;/b&gt;", "Owned by olga",
    ):  # fmt: skip
        assert text in page


def test_who_may_edit_is_led_there(ada_client, ben_client, olga_client, vic_client, payroll):
    for client in (ada_client, ben_client):
        assert f'href="{HOME}edit/"' in page_of(client)
    for client in (olga_client, vic_client):
        assert f"{HOME}edit/" not in page_of(client)


def test_what_happened_is_told_import_by_import(ada_client, olga_client, tenant, payroll, ben):
    now, issues = timezone.now(), make_issues(3, tenant, payroll)
    run = issues[0].created_run
    IssueEvent.objects.bulk_create(IssueEvent(issue=i, kind="resolved", at=now, run=run) for i in issues)
    IssueEvent.objects.create(issue=issues[0], kind="excluded", at=now, user=ben)
    ApplicationEvent.objects.create(application=payroll, kind="changed", at=now, user=ben, text="Priority 3 → 1")
    told = "2 endpoints came from Secret project: pinned by hand"
    ApplicationEvent.objects.create(application=payroll, kind="endpoints", at=now, text=told)
    page = page_of(ada_client)
    assert f'3 issues were resolved by <a href="/connectors/runs/{run.pk}/">import {run.pk}</a>' in page
    assert "1 issue was excluded by ben" in page
    assert "Priority 3 → 1, by ben" in page
    assert told in page
    hers = page_of(olga_client)
    assert "3 issues were resolved</p>" in hers
    assert "2 endpoints came</p>" in hers
    assert "Secret project" not in hers


def test_events_of_other_applications_are_not_told(ada_client, tenant, payroll, shop):
    other = make_issue(tenant, shop)
    IssueEvent.objects.create(issue=other, kind="reopened", at=timezone.now())
    assert "reopened" not in page_of(ada_client)


def test_compliance_says_what_is_late_and_that_it_is_no_certificate(ada_client, tenant, payroll):
    make_issues(2, tenant, payroll, vendor_severity="critical")
    make_issue(tenant, payroll, vendor_severity="high")
    Issue.objects.update(first_seen=timezone.now() - timedelta(days=31))
    page = page_of(ada_client)
    assert "PCI DSS 4.0.1 6.3.3</b>" in page
    assert "2 critical issues older than 30 days" in page
    assert "evidence, not certification" in page
    every = page_of(ada_client, f"{HOME}?view=compliance")
    assert "Evidence, not certification." in every
    for text in ("164.308(a)(1)(ii)(B)", "Set by the standard.", "Our reading.", "CIS Controls v8.1", "BOD 22-01"):
        assert text in every


def test_software_comes_from_the_counters_of_fixes(ada_client, tenant, payroll, shop):
    fix = {"issues": 3, "endpoints": 2, "critical": 2, "medium": 1, "exploited": 1, "risk": 83, "newest": "3.0.1"}
    first = make_issue(tenant, payroll, software_name="OpenSSL")
    other = make_issue(tenant, payroll, software_name="Chrome")
    payroll.fixes.update_or_create(software=first.software, defaults=fix)
    payroll.fixes.update_or_create(software=other.software, defaults={"issues": 9, "risk": 9, "low": 9})
    shop.fixes.update_or_create(software=other.software, defaults={"issues": 1, "risk": 1})

    def names(query: str = "") -> list[str]:
        return re.findall(r'software=[^"]+">([^<]+)</a>', page_of(ada_client, f"{HOME}?view=software{query}"))

    page = page_of(ada_client, f"{HOME}?view=software")
    assert names() == ["OpenSSL", "Chrome"]
    assert names("&sort=-issues") == ["Chrome", "OpenSSL"]
    assert names("&sort=name") == ["Chrome", "OpenSSL"]
    assert names("&q=ssl") == ["OpenSSL"]
    assert names("&q=nothing&sort=nonsense") == []
    assert "3.0.1" in page
    assert 'aria-label="2 critical, 1 medium"' in page
    home = page_of(ada_client)
    assert stat(home, "Exploited") == "1 listed in KEV"
    assert re.findall(r'class="who" href="/fixes/\d+/\?application=payroll">([^<]+)<', home) == ["OpenSSL", "Chrome"]
    assert "newer than 3.0.1" in home
    assert "2 endpoints, closes 3 issues, 1 exploited" in home


def test_unassigned_says_what_it_is_and_suggests_rules(ada_client, vic_client, tenant):
    unassigned = Application.objects.unassigned()
    for number in range(3):
        make_endpoint(tenant, unassigned, f"host-{number}", tags=[["app", "payments"]], pinned=False)
    unassigned.endpoints.update(pinned=False)
    page = page_of(ada_client, "/applications/unassigned/")
    assert "Endpoints that no rule claims" in page
    assert "3 endpoints" in page
    assert "carry the tag app=payments" in page
    assert "Draft a rule" not in page_of(vic_client, "/applications/unassigned/")


def test_kev_is_marked(ada_client, tenant, payroll):
    issue = make_issue(tenant, payroll)
    Vulnerability.objects.filter(pk=issue.vulnerability_id).update(kev=True)
    assert '<span class="tag tag-kev">KEV</span>' in page_of(ada_client)
