"""Small lines: the issues of trends, put together by the database."""

from __future__ import annotations

from datetime import date, timedelta

from issues.models import ApplicationDay
from issues.queue.sparks import Spark, sparks_of
from issues.queue.trends import DAYS, trend_of

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def keep(application, ago: int, **values) -> None:
    ApplicationDay.objects.create(application=application, day=TODAY - ago * DAY, **values)


def test_one_question_says_what_trends_say(payroll, shop, django_assert_num_queries):
    keep(shop, 3, info=7)
    for ago in (DAYS, DAYS - 1, 40, 8, 2):
        keep(payroll, ago, critical=ago, high=1, unknown=2)
    with django_assert_num_queries(1):
        sparks = sparks_of([payroll.pk, shop.pk])
    assert sparks[shop.pk] == Spark(TODAY - 3 * DAY, [7, 7, 7, 7])
    for application in (payroll, shop):
        points = trend_of(application).points
        assert sparks[application.pk] == Spark(points[0].day, [point.issues for point in points])
    assert len(sparks[payroll.pk].issues) == DAYS


def test_one_that_nobody_counted_lately_has_none(payroll, shop):
    keep(payroll, DAYS, low=1)
    assert sparks_of([payroll.pk, shop.pk]) == {}


def test_changes_are_known_from_the_eighth_day_on(payroll):
    keep(payroll, 6, critical=4)
    assert sparks_of([payroll.pk])[payroll.pk].change(9, 7) is None
    keep(payroll, 7, critical=5)
    assert sparks_of([payroll.pk])[payroll.pk].change(9, 7) == 4
