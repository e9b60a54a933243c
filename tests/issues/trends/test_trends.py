"""Trends: a point for each day, changes since then, and only of what one may see."""

from __future__ import annotations

from datetime import date, timedelta

from issues.ingest.days import write_today
from issues.models import ApplicationDay
from issues.queue.trends import DAYS, trend_of, trend_of_all
from tests.factories import make_issue, make_issues
from tests.issues.trends.conftest import NOW

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def keep(application, ago: int, **values) -> None:
    ApplicationDay.objects.create(application=application, day=TODAY - ago * DAY, **values)


def test_a_day_that_nobody_counted_is_as_the_one_before(payroll, django_assert_num_queries):
    keep(payroll, 9, critical=5)
    keep(payroll, 3, critical=2, high=1)
    with django_assert_num_queries(1):
        points = trend_of(payroll).points
    assert [point.issues for point in points] == [5] * 6 + [3] * 4
    assert [point.day for point in points] == [TODAY - n * DAY for n in range(9, -1, -1)]


def test_only_the_last_ninety_days_are_in_it(payroll):
    for ago in (200, DAYS, DAYS - 1, 0):
        keep(payroll, ago, low=ago)
    points = trend_of(payroll).points
    assert len(points) == DAYS
    assert (points[0].low, points[-1].low) == (DAYS - 1, 0)


def test_without_a_row_there_is_no_trend(payroll):
    trend = trend_of(payroll)
    assert not trend
    assert trend.today is None
    assert trend.change()["issues"] is None


def test_changes_are_those_since_a_week(payroll):
    keep(payroll, 8, critical=1)
    keep(payroll, 7, critical=5, endpoints=3, risk=200)
    keep(payroll, 0, critical=2, high=1, endpoints=4, risk=90)
    trend = trend_of(payroll)
    change = trend.change(days=7)
    assert (change["critical"], change["high"], change["issues"]) == (-3, 1, -2)
    assert (change["endpoints"], change["risk"]) == (1, -110)
    assert trend.change(days=30)["critical"] is None


def test_endpoints_and_risk_can_not_be_counted_back(tenant, payroll, trend_of):
    make_issue(tenant, payroll, detected_at=NOW - 3 * DAY)
    change = trend_of(payroll).change()
    assert change["issues"] == 1
    assert (change["endpoints"], change["risk"]) == (None, None)


def test_it_says_since_when_it_was_counted(tenant, payroll, trend_of, clock):
    make_issue(tenant, payroll)
    assert trend_of(payroll).counted_since == TODAY
    clock.move_to(NOW + 2 * DAY)
    assert trend_of(payroll).counted_since == TODAY
    clock.move_to(NOW + DAYS * DAY)
    assert trend_of(payroll).counted_since is None


def test_the_trend_of_all_is_of_what_one_may_see(ada, olga, vic, tenant, payroll, shop, django_assert_num_queries):
    make_issues(2, tenant, payroll)
    make_issues(3, tenant, shop)
    write_today()
    trend_of_all(ada)
    with django_assert_num_queries(1):
        assert trend_of_all(ada).points[-1].issues == 5
    assert trend_of_all(vic).points[-1].issues == 5
    assert trend_of_all(olga).points[-1].issues == 2


def test_what_moves_to_a_new_application_is_not_counted_twice(ada, tenant, payroll, shop, clock):
    make_issue(tenant, payroll, detected_at=NOW - 20 * DAY)
    write_today()
    clock.move_to(NOW + 3 * DAY)
    make_issue(tenant, shop, detected_at=NOW - 20 * DAY)
    write_today()
    assert [point.issues for point in trend_of(shop).points[-10:]] == [1] * 10
    assert [point.issues for point in trend_of_all(ada).points[-10:]] == [1] * 9 + [2]
