"""The issues page: counts beside each option, chips, order, and pages that cost the same at any size."""

from __future__ import annotations

from random import Random

import pytest
from django.http import QueryDict

from issues.models import Issue
from issues.queue.facets import total
from issues.queue.filters import IssueFilterSet
from issues.queue.listing import Listing, list_issues
from tests.factories import make_application, make_connection, make_issue, make_issues

SEVERITIES = ("critical", "high", "medium", "low", "info", "unknown")


def counted(page: Listing, name: str) -> dict[str, int]:
    return {o.value: o.count for facet in page.facets if facet.name == name for o in facet.options if o.count}


@pytest.fixture
def mixed(tenant, payroll, shop):
    make_issues(3, tenant, payroll, vendor_severity="high", software_name="7-Zip")
    make_issues(2, tenant, shop, vendor_severity="low", software_name="Chrome")
    make_issue(make_connection("Globex"), shop, vendor_severity="high", severity="critical", software_name="Chrome")
    make_issue(tenant, shop, vendor_severity="high", state="resolved", software_name="Chrome")


def test_each_option_says_how_many_issues_it_would_show(mixed, listed, tenant):
    page = listed()

    assert page.total == len(page.rows) == 6
    assert counted(page, "severity") == {"high": 3, "low": 2, "critical": 1}
    assert counted(page, "vendor_severity") == {"high": 4, "low": 2}
    assert counted(page, "change") == {"same": 5, "raised": 1}
    assert counted(page, "application") == {"payroll": 3, "web-shop": 3}
    assert counted(page, "source_tool") == {"SentinelOne": 6}
    assert counted(page, "connection")[str(tenant.pk)] == 5
    assert counted(page, "state") == {"active": 6, "resolved": 1}


def test_a_facet_does_not_filter_itself_but_all_the_others(mixed, listed):
    page = listed("severity=low")

    assert page.total == 2
    assert counted(page, "severity") == {"high": 3, "low": 2, "critical": 1}
    assert counted(page, "application") == {"web-shop": 2}
    assert counted(page, "state") == {"active": 2}


NARROWINGS = ("", "&q=chrome", "&software=chrome", "&endpoint=host")
QUERIES = ("", "severity=high", "severity=high&severity=low&application=payroll", "owner=olga&state=resolved")


def test_counts_are_true_whatever_is_combined(tenant, payroll, shop, ada, subtests):
    dice = Random(7)
    for number in range(25):
        make_issue(
            tenant,
            dice.choice([payroll, shop]),
            vendor_severity=dice.choice(SEVERITIES),
            endpoints=[f"host-{number % 3}"],
            software_name=dice.choice(["Chrome", "7-Zip"]),
            state=dice.choice(["active", "active", "resolved", "excluded"]),
        )
    for query in (query + narrowing for query in QUERIES for narrowing in NARROWINGS):
        with subtests.test(query):
            page = list_issues(ada, QueryDict(query))
            assert page.total == len(page.rows)
            for facet in page.facets:
                for option in facet.options:
                    others = QueryDict(query, mutable=True)
                    others.setlist(facet.name, [option.value])
                    shown = IssueFilterSet(others, user=ada, default_states=("active",))
                    count = shown.filter_queryset(Issue.objects.visible_to(ada)).count()
                    assert option.count == count, (facet.name, option)


def test_the_exact_total_is_the_same(mixed, ada):
    for query in ("", "severity=high", "q=chrome", "state=resolved", "q=chrome&change=raised"):
        filters = IssueFilterSet(QueryDict(query), user=ada)
        assert total(filters, ada) == filters.filter_queryset(Issue.objects.visible_to(ada)).count() > 0


def test_a_search_that_finds_too_much_says_that_it_stopped_counting(mixed, listed, monkeypatch):
    monkeypatch.setattr("issues.queue.facets.MOST", 2)

    assert listed("q=vendor").total_text.startswith("More than")
    assert listed("q=payroll&severity=low").total_text.startswith("More than")
    assert listed("").total_text == "6"


def test_an_option_leads_to_itself_and_back(mixed, listed):
    page = listed("q=chrome&severity=low")
    options = {o.value: o for facet in page.facets if facet.name == "severity" for o in facet.options}

    assert options["high"].query == "?q=chrome&severity=low&severity=high"
    assert not options["high"].selected
    assert options["low"].query == "?q=chrome"
    assert options["low"].selected


def test_chips_name_the_filters_and_take_them_away(mixed, listed):
    page = listed("severity=LOW&severity=high&application=web-shop&q= chrome &cursor=x&sort=-score")

    assert [(chip.label, chip.value) for chip in page.chips] == [
        ("Severity", "Low"), ("Severity", "High"), ("Application", "Web shop"), ("Search", "chrome"),
    ]  # fmt: skip
    assert page.chips[0].query == "?severity=high&application=web-shop&q=+chrome+&sort=-score"
    assert page.chips[2].query == "?severity=LOW&severity=high&q=+chrome+&sort=-score"


def test_columns_say_how_the_list_is_sorted_and_turn_it_round(mixed, listed):
    columns = {c.name: c for c in listed("sort=-score&severity=high").columns}

    assert (columns["score"].direction, columns["score"].query) == ("descending", "?sort=score&severity=high")
    assert (columns["title"].direction, columns["title"].query) == ("", "?sort=title&severity=high")
    assert columns["severity"].query == "?sort=-severity&severity=high"


def test_the_worst_come_first_unless_asked_otherwise(mixed, listed):
    assert [i.get_severity_display() for i in listed().rows] == ["Critical", "High", "High", "High", "Low", "Low"]
    assert [i.get_severity_display() for i in listed("sort=severity").rows][:2] == ["Low", "Low"]


def test_pages_follow_each_other(mixed, listed):
    first = listed("severity=high&severity=low", size=2)
    second = listed(first.next.removeprefix("?"), size=2)
    third = listed(second.next.removeprefix("?"), size=2)

    assert first.previous == third.next == ""
    assert len({row.pk for page in (first, second, third) for row in page.rows}) == 5
    assert listed(second.previous.removeprefix("?"), size=2).rows == first.rows


def test_a_broken_place_in_the_list_leads_to_its_beginning(mixed, listed):
    page = listed("cursor=nonsense")

    assert page.rows == listed().rows
    assert "Begin again" in page.problems[0]


def test_the_page_of_an_application_lists_only_its_issues(mixed, listed, shop):
    page = listed("severity=low", application=shop)

    assert page.total == len(page.rows) == 2
    assert counted(page, "severity") == {"low": 2, "critical": 1}
    assert "application" not in {facet.name for facet in page.facets}


def test_an_owner_sees_only_their_applications_and_no_connections(mixed, listed, olga):
    page = listed("", user=olga)

    assert {row.application.slug for row in page.rows} == {"payroll"}
    assert page.total == 3
    assert counted(page, "application") == {"payroll": 3}
    assert "connection" not in {facet.name for facet in page.facets}


def test_somebody_without_a_role_sees_nothing(mixed, listed, person):
    page = listed("", user=person("nobody", ""))

    assert (page.rows, page.total, page.chips) == ([], 0, [])


def test_an_issue_shows_who_owns_its_application(mixed, listed):
    owners = {row.application.slug: [m.user.username for m in row.application.owners] for row in listed().rows}

    assert owners == {"payroll": ["olga"], "web-shop": []}


@pytest.mark.parametrize(
    "query", ["", "severity=high&owner=olga", "q=chrome", "endpoint=host", "state=active&state=resolved"]
)
def test_fifty_rows_cost_as_many_queries_as_one(
    ada, tenant, payroll, shop, query, django_assert_num_queries, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from connectors.access import role_of

    role_of(ada)
    make_issue(tenant, payroll, software_name="Chrome")
    with CaptureQueriesContext(connection) as one:
        assert len(list_issues(ada, QueryDict(query)).rows) == 1
    assert len(one) <= 10
    for n in range(5):
        make_issues(10, make_connection(), make_application(f"A{n}", owners=[]), software_name="Chrome")
        make_issues(10, tenant, payroll, software_name="Chrome")

    with django_assert_num_queries(len(one)):
        assert len(list_issues(ada, QueryDict(query)).rows) == 50


def test_the_plain_page_asks_six_questions(mixed, ada, django_assert_num_queries):
    """Rows, owners, connections, counts, applications and their names; the role was asked by the request already."""
    from connectors.access import role_of

    role_of(ada)
    with django_assert_num_queries(6):
        list_issues(ada, QueryDict(""))
