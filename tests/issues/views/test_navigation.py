"""What stands around every page: places that exist, counts, the import that runs, and what needs a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import is_valid_path
from django.utils import timezone

from connectors.access import role_of
from issues.models import Feed
from issues.navigation import navigation
from tests.factories import make_connection, make_issues, make_run


def nav_of(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return navigation(request)["nav"]


def items_of(nav) -> dict[str, dict]:
    return {item["label"]: item for group in nav.groups for item in group["items"]}


def test_only_pages_that_exist_are_in_it(ada):
    items = items_of(nav_of(ada))
    assert {"Overview", "Active issues", "Applications", "Endpoints", "Connectors"} <= set(items)
    assert all(is_valid_path(item["url"]) for item in items.values())


def test_an_owner_is_not_led_to_connectors(olga):
    assert "Connectors" not in items_of(nav_of(olga))


@pytest.mark.parametrize(
    ("path", "current"), [("/", "Overview"), ("/issues/7/", "Active issues"), ("/endpoints/", "Endpoints")]
)
def test_it_says_where_one_is(ada, path, current):
    assert [label for label, item in items_of(nav_of(ada, path)).items() if item["current"]] == [current]


def test_it_counts_active_issues_that_the_user_may_see(ada, olga, tenant, payroll, shop):
    make_issues(2, tenant, payroll)
    make_issues(3, tenant, shop)
    assert items_of(nav_of(ada))["Active issues"]["count"] == 5
    assert items_of(nav_of(olga))["Active issues"]["count"] == 2


def test_running_imports_show_how_far_they_are_together(ada, tenant):
    assert nav_of(ada).importing is None
    run = make_run(tenant, state="running", read=30)
    assert nav_of(ada).importing == 0
    run.resources.create(position=0, kind="tenant", name="Everything", total=100)
    assert nav_of(ada).importing == 30
    other = make_run(make_connection("Globex"), state="running", read=60)
    other.resources.create(position=0, kind="tenant", name="Everything", total=100)
    assert nav_of(ada).importing == 45


def test_a_token_that_runs_out_is_said_to_those_who_can_replace_it(ada, vic):
    make_connection("Acme", token_expires_at=timezone.now() + timedelta(days=5, hours=1))
    assert nav_of(ada).warning == {"text": "The API token of Acme runs out in 5 days.", "url": "/connectors/"}
    assert nav_of(vic).warning is None


def test_a_refused_token_is_said(ada):
    make_connection("Acme", problem_code="token_refused", problem="SentinelOne refused the API token.")
    assert "refused" in nav_of(ada).warning["text"]


def test_it_costs_two_queries_and_nothing_until_it_is_shown(ada, tenant, payroll, django_assert_num_queries):
    make_issues(1, tenant, payroll)
    role_of(ada)  # asked for once, whatever is shown
    with django_assert_num_queries(2):
        nav = nav_of(ada)
        assert items_of(nav)
        assert nav.importing is None
        assert nav.warning is None
        assert [line["value"] for line in nav.foot] == ["not loaded", "not loaded"]
    with django_assert_num_queries(0):
        nav_of(ada)


def test_the_foot_says_how_old_the_feeds_are(ada, tenant, payroll):
    assert nav_of(ada).foot == []
    make_issues(1, tenant, payroll)
    Feed.objects.create(name=Feed.Name.EPSS, published_at=timezone.now() - timedelta(hours=6))
    Feed.objects.create(name=Feed.Name.KEV, published_at=timezone.now())
    assert nav_of(ada).foot == [
        {"label": "EPSS scores", "value": "6 h old"},
        {"label": "KEV catalogue", "value": "new"},
    ]


def test_a_stranger_has_none(db, django_assert_num_queries):
    request = RequestFactory().get("/accounts/login/")
    request.user = AnonymousUser()
    with django_assert_num_queries(0):
        assert navigation(request) == {}
