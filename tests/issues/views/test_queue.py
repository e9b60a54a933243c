"""The queue as people see it: filters, states, order, pages, and the three kinds of nothing."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from issues.models import Issue
from tests.factories import make_application, make_connection, make_issue, make_issues, make_run

ROW = re.compile(r"<tr>\s*(?:<td class=\"tick c-tick\">.*</td>\s*)?<td class=\"c-sev\"")


def rows(response) -> int:
    return len(ROW.findall(response.content.decode()))


def test_the_queue_lists_active_issues_and_how_many_there_are(ada_client, tenant, payroll, shop):
    make_issues(2, tenant, payroll, vendor_severity="high")
    make_issue(tenant, shop, vendor_severity="low", state="resolved")
    page = ada_client.get("/issues/")
    assert rows(page) == 2
    assert "<h1>Active issues</h1>" in page.content.decode()
    assert 'data-announce><span class="sr">Showing </span>2</p>' in page.content.decode()


def test_a_filtered_queue_says_how_many_of_all(ada_client, tenant, payroll, shop):
    make_issues(2, tenant, payroll, vendor_severity="high")
    make_issue(tenant, shop, vendor_severity="low")
    page = ada_client.get("/issues/?source_tool=SentinelOne&severity=low")
    assert rows(page) == 1
    assert "Showing </span>1 of 3" in page.content.decode()
    assert 'aria-label="Remove filter Severity: Low"' in page.content.decode()
    assert 'aria-label="Remove filter Source tool: SentinelOne"' in page.content.decode()


def test_the_panel_offers_the_source_tool_and_keeps_what_is_ticked(ada_client, tenant, payroll):
    make_issue(tenant, payroll)
    page = ada_client.get("/issues/?source_tool=SentinelOne&sort=-score").content.decode()
    assert re.search(r'name="source_tool" value="SentinelOne" checked', page)
    assert '<input type="hidden" name="sort" value="-score">' in page
    assert "Show 1 issue<" in page


def test_vendor_severity_stands_struck_through_beside_ours_only_when_it_differs(ada_client, tenant, payroll):
    make_issue(tenant, payroll, vendor_severity="high", severity="low")
    make_issue(tenant, payroll, vendor_severity="medium")
    page = ada_client.get("/issues/").content.decode()
    assert page.count('<del class="sev-was">') == 1
    assert "</span>High</del>" in page


def test_every_issue_leads_to_its_page_and_its_application(ada_client, tenant, payroll):
    issue = make_issue(tenant, payroll, software_name="OpenSSL")
    page = ada_client.get("/issues/").content.decode()
    assert f'<a class="title" href="/issues/{issue.pk}/">' in page
    assert 'href="/applications/payroll/">Payroll</a>' in page


@pytest.mark.parametrize(
    "column", ["severity", "title", "application", "endpoints", "score", "first_seen", "last_seen"]
)
def test_heads_sort_and_turn_round(ada_client, tenant, payroll, column):
    make_issues(3, tenant, payroll)
    first = ada_client.get(f"/issues/?sort={column}").content.decode()
    assert first.count('aria-sort="ascending"') == 1
    assert f'href="?sort=-{column}"' in first
    assert 'aria-sort="descending"' in ada_client.get(f"/issues/?sort=-{column}").content.decode()


def test_fifty_a_page_and_a_way_to_the_next_and_back(ada_client, tenant, payroll):
    make_issues(60, tenant, payroll)
    first = ada_client.get("/issues/")
    assert rows(first) == 50
    address = re.search(r'href="(\?cursor=[^"]+)" rel="next"', first.content.decode())
    assert address
    second = ada_client.get("/issues/" + address[1])
    assert rows(second) == 10
    assert 'rel="prev"' in second.content.decode()


def test_resolved_issues_say_why_when_and_how_long_it_took(ada_client, tenant, payroll):
    issue = make_issue(tenant, payroll, state="resolved")
    page = ada_client.get("/issues/?state=resolved").content.decode()
    assert "<h1>Resolved issues</h1>" in page
    assert issue.state_reason
    assert issue.state_reason in page
    assert "Time to remediate" in page
    assert re.search(r'<td class="num p3">\d+ (d|min|s|h)', page) or re.search(r'<td class="num p3">0\.\d s', page)


def test_removed_and_excluded_issues_have_their_own_lists(ada_client, tenant, payroll):
    make_issue(tenant, payroll, state="removed")
    make_issue(tenant, payroll, state="excluded")
    assert rows(ada_client.get("/issues/?state=removed")) == 1
    assert rows(ada_client.get("/issues/?state=excluded")) == 1
    assert rows(ada_client.get("/issues/")) == 0


def test_an_owner_sees_only_her_applications(olga_client, tenant, payroll, shop):
    make_issue(tenant, payroll, software_name="Hers")
    make_issue(tenant, shop, software_name="Not hers")
    page = olga_client.get("/issues/")
    assert rows(page) == 1
    assert "Not hers" not in page.content.decode()
    assert "Web shop" not in page.content.decode()


def test_an_owner_who_asks_for_another_application_learns_nothing(olga_client, tenant, payroll, shop):
    make_issue(tenant, shop, software_name="Not hers")
    page = olga_client.get("/issues/?application=web-shop").content.decode()
    assert "There is no application “web-shop”." in page
    assert "Not hers" not in page


def test_a_stranger_is_asked_to_sign_in(client, db):
    assert client.get("/issues/").headers["Location"].startswith("/accounts/login/")


def test_what_nobody_can_mean_is_named_and_left_out(ada_client, tenant, payroll):
    make_issue(tenant, payroll)
    page = ada_client.get("/issues/?severity=purple")
    assert rows(page) == 1
    assert "“purple” is not one of" in page.content.decode()


class TestNothing:
    def test_before_the_first_connection_an_admin_is_led_to_connect(self, ada_client):
        page = ada_client.get("/issues/").content.decode()
        assert "Nothing to show yet" in page
        assert 'href="/connectors/sentinelone/connect/">Connect Sentinel One</a>' in page

    def test_somebody_who_may_not_connect_gets_no_such_button(self, vic_client):
        page = vic_client.get("/issues/").content.decode()
        assert "Nothing to show yet" in page
        assert "Connect Sentinel One" not in page

    def test_while_the_first_import_runs_its_progress_shows(self, ada_client, tenant):
        run = make_run(tenant, state="running", read=250)
        run.resources.create(position=0, kind="tenant", name="Everything", total=1000)
        page = ada_client.get("/issues/").content.decode()
        assert "Importing Acme" in page
        assert '<progress max="1000" value="250"' in page

    def test_filters_that_leave_nothing_are_named_and_can_be_taken_off(self, ada_client, tenant, payroll):
        make_issue(tenant, payroll, vendor_severity="low")
        page = ada_client.get("/issues/?severity=critical").content.decode()
        assert "Severity Critical leaves nothing." in page
        assert 'href="?">Remove Severity</a>' in page

    def test_a_tenant_that_is_clean_is_good_news(self, ada_client):
        make_connection("Clean", last_read_at=timezone.now())
        assert "No active issues" in ada_client.get("/issues/").content.decode()


class TestDensity:
    def test_it_is_remembered_and_leaves_the_address(self, ada_client, tenant, payroll):
        make_issue(tenant, payroll)
        answer = ada_client.get("/issues/?severity=high&density=compact")
        assert answer.headers["Location"] == "/issues/?severity=high"
        assert 'data-density="compact"' in ada_client.get("/issues/").content.decode()

    def test_nonsense_is_not_remembered(self, ada_client):
        ada_client.cookies["density"] = '"><script>'
        page = ada_client.get("/issues/?density=huge").content.decode()
        assert 'data-density="comfortable"' in page


class TestHtmx:
    HEADERS = {"HX-Request": "true", "HX-Target": "results"}

    def test_a_change_of_filters_brings_results_and_counts_but_no_frame(self, ada_client, tenant, payroll):
        make_issue(tenant, payroll)
        part = ada_client.get("/issues/?severity=high&cve=&software=", headers=self.HEADERS)
        assert rows(part) == 1
        assert "<html" not in part.content.decode()
        assert '<div id="panel" hx-swap-oob="true">' in part.content.decode()

    def test_empty_fields_do_not_stay_in_the_address(self, ada_client, tenant, payroll):
        part = ada_client.get("/issues/?severity=high&cve=&software=", headers=self.HEADERS)
        assert part.headers["HX-Push-Url"] == "/issues/?severity=high"
        assert ada_client.get("/issues/?cve=", headers=self.HEADERS).headers["HX-Push-Url"] == "/issues/"


MARKUP = "<script>alert(1)</script>"


def test_markup_in_names_is_text(ada_client, tenant):
    hostile = make_application(MARKUP)
    make_issue(tenant, hostile, software_name=MARKUP, software_vendor=MARKUP, endpoints=[MARKUP])
    issue = Issue.objects.get()
    for address in (
        "/", "/issues/", f"/issues/?q={MARKUP}", f"/issues/{issue.pk}/", f"/issues/{issue.pk}/endpoints/",
        "/applications/", hostile.get_absolute_url(), "/endpoints/", hostile.endpoints.get().get_absolute_url(),
    ):  # fmt: skip
        page = ada_client.get(address)
        assert page.status_code == 200
        assert MARKUP not in page.content.decode(), address
        assert "&lt;script&gt;alert(1)" in page.content.decode(), address


def test_fifty_rows_stay_light(ada_client, tenant, payroll):
    make_issues(50, tenant, payroll, software_name="Microsoft Visual C++ 2015-2022 Redistributable (x64)")
    page = ada_client.get("/issues/")
    assert rows(page) == 50
    assert len(page.content) < 100_000
