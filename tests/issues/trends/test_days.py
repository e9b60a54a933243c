"""A row a day: what is so today, what was so before anybody counted, and nothing that nobody needs any more."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issues.ingest.days import BACK, count_back, write_today
from issues.ingest.purge import purge
from issues.models import ApplicationDay, Issue
from issues.severity.levels import Level
from tests.examples import examples
from tests.factories import close_findings, make_issue, make_issues
from tests.issues.trends.conftest import NOW

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def row(application, day=TODAY) -> ApplicationDay:
    return ApplicationDay.objects.get(application=application, day=day)


def test_today_says_what_is_active_now(tenant, payroll):
    make_issues(3, tenant, payroll, vendor_severity="critical")
    make_issue(tenant, payroll, vendor_severity="low", endpoints=2)
    make_issue(tenant, payroll, vendor_severity="high", state="excluded")
    make_issue(tenant, payroll, vendor_severity="high", state="resolved")
    assert write_today()
    today = row(payroll)
    assert (today.critical, today.high, today.low) == (3, 0, 1)
    assert today.endpoints == payroll.endpoints.count()
    assert today.risk == 3 * 40 + 2 * 1
    assert not today.counted_back


def test_it_is_written_again_only_where_something_changed(tenant, payroll, shop, django_assert_num_queries):
    make_issue(tenant, payroll)
    make_issue(tenant, shop)
    write_today()
    with django_assert_num_queries(3):
        assert not write_today()
    make_issue(tenant, payroll)
    assert write_today()
    assert (row(payroll).high, row(shop).high) == (2, 1)


def test_an_application_has_days_from_its_first_issue_on_and_then_every_day(tenant, payroll, clock):
    assert not write_today()
    issue = make_issue(tenant, payroll)
    write_today()
    close_findings(tenant, [finding.external_id for finding in issue.all_findings.all()], resolved=True)
    clock.move_to(NOW + DAY)
    assert write_today()
    assert row(payroll, TODAY + DAY).high == 0
    clock.move_to(NOW + 2 * DAY)
    assert write_today(), "a quiet day has its row"
    assert not write_today()


def test_what_was_purged_is_gone_from_then_on(tenant, payroll, clock, trend_of):
    make_issue(tenant, payroll)
    assert trend_of(payroll).points[-1].issues == 1
    while purge(tenant):
        pass
    assert trend_of(payroll).points[-1].issues == 0
    clock.move_to(NOW + 3 * DAY)
    assert write_today()
    assert not write_today()
    assert [point.issues for point in trend_of(payroll).points[-4:]] == [0] * 4


def test_days_before_the_first_one_are_counted_back(tenant, payroll):
    make_issue(tenant, payroll, vendor_severity="high", detected_at=NOW - 10 * DAY)
    make_issue(tenant, payroll, vendor_severity="critical", detected_at=NOW - 400 * DAY)
    write_today()
    assert ApplicationDay.objects.filter(application=payroll).count() == BACK + 1
    assert (row(payroll, TODAY - BACK * DAY).critical, row(payroll, TODAY - BACK * DAY).high) == (1, 0)
    assert row(payroll, TODAY - 11 * DAY).high == 0
    assert row(payroll, TODAY - 10 * DAY).high == 1
    assert row(payroll, TODAY - DAY).risk == 50
    assert row(payroll, TODAY - DAY).counted_back


def test_resolved_ones_were_there_until_they_were_resolved(tenant, payroll):
    issue = make_issue(tenant, payroll, detected_at=NOW - 30 * DAY, state="resolved")
    Issue.objects.filter(pk=issue.pk).update(resolved_at=NOW - 5 * DAY)
    make_issue(tenant, payroll, detected_at=NOW, state="excluded")
    write_today()
    assert row(payroll, TODAY - 6 * DAY).high == 1
    assert row(payroll, TODAY - 5 * DAY).high == 0


def test_on_the_first_day_what_comes_later_is_counted_back_too(tenant, payroll):
    make_issue(tenant, payroll, detected_at=NOW - 10 * DAY)
    write_today()
    make_issue(tenant, payroll, detected_at=NOW - 20 * DAY)
    write_today()
    assert row(payroll, TODAY - 15 * DAY).high == 1
    assert row(payroll, TODAY - 5 * DAY).high == 2


def test_what_was_counted_is_never_counted_back(tenant, payroll, clock):
    make_issue(tenant, payroll, detected_at=NOW - 10 * DAY)
    write_today()
    clock.move_to(NOW + DAY)
    make_issue(tenant, payroll, detected_at=NOW - 20 * DAY)
    write_today()
    assert row(payroll).high == 1
    assert row(payroll, TODAY - 5 * DAY).high == 1


def test_old_days_go(tenant, payroll, clock):
    make_issue(tenant, payroll, detected_at=NOW - 10 * DAY)
    write_today()
    clock.move_to(NOW + 399 * DAY)
    write_today()
    assert ApplicationDay.objects.filter(day=TODAY).exists()
    clock.move_to(NOW + 401 * DAY)
    write_today()
    assert not ApplicationDay.objects.filter(day__lte=TODAY).exists()


MANY = 8
LIVES = st.lists(
    st.tuples(
        st.integers(0, 120),  # days ago that it was first seen
        st.none() | st.integers(0, 120),  # days after that until it was resolved
        st.sampled_from((Level.CRITICAL, Level.LOW, Level.UNKNOWN)),
    ),
    max_size=MANY,
)


@settings(
    max_examples=examples(40),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lives=LIVES)
def test_counting_back_agrees_with_counting_each_issue_on_each_day(lives, tenant, payroll):
    kept = list(Issue.objects.filter(application=payroll)) or make_issues(MANY, tenant, payroll)
    for issue in kept:
        issue.state = "excluded"
    for issue, (ago, life, level) in zip(kept, lives, strict=False):
        over = None if life is None or life >= ago else NOW - (ago - life) * DAY
        issue.state, issue.severity = "resolved" if over else "active", level
        issue.first_seen, issue.resolved_at = NOW - ago * DAY, over
    Issue.objects.bulk_update(kept, ["state", "severity", "first_seen", "resolved_at"])
    count_back([payroll.pk], TODAY, {payroll.pk: (0,) * 8})
    stored = ApplicationDay.objects.in_bulk(field_name="pk").values()
    assert len(stored) == BACK
    for each in stored:
        end = datetime.combine(each.day + DAY, time(), UTC)
        there = Counter(
            issue.severity
            for issue in kept
            if issue.state != "excluded"
            and issue.first_seen < end
            and (issue.resolved_at is None or issue.resolved_at >= end)
        )
        assert (each.critical, each.low, each.unknown) == (there[5], there[2], there[0])
