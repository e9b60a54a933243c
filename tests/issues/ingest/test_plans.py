"""SQLite follows the order that statements of ours give, also where it knows nothing of the tables yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from issues.ingest.scans import pass_on_scans
from issues.models import Endpoint, Issue
from tests.factories import SCANNED, make_issue

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def plans(captured: CaptureQueriesContext) -> list[str]:
    """Of the statements that say an order."""
    found: list[str] = []
    with database.cursor() as cursor:
        for sql in (query["sql"] for query in captured if "CROSS JOIN" in query["sql"]):
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            found += [step[3] for step in cursor.fetchall()]
    return found


def test_issues_are_looked_up_one_by_one(tenant):
    with CaptureQueriesContext(database) as captured:
        make_issue(tenant)
    assert any("SEARCH issue USING COVERING INDEX" in step and "software_id=?" in step for step in plans(captured))


def test_scans_are_passed_on_by_endpoint(tenant):
    make_issue(tenant)
    Endpoint.objects.update(rescanned=True, last_scan_at=SCANNED + timedelta(days=1))
    with CaptureQueriesContext(database) as captured:
        assert pass_on_scans(tenant)
    steps = plans(captured)
    assert any("SEARCH f USING COVERING INDEX finding_of_endpoint" in step for step in steps)
    assert not any(step.startswith("SCAN issues_issue") for step in steps), steps
    assert Issue.objects.get().last_seen == SCANNED + timedelta(days=1)


@pytest.mark.parametrize("order", [("-severity", "-score"), ("-first_seen",), ("-last_seen",), ("title",)])
def test_a_list_is_read_in_the_order_of_an_index_that_has_only_counted_issues(order):
    listed = Issue.objects.counted().filter(state="active").order_by(*order, "id" if order == ("title",) else "-id")
    sql, parameters = listed.values("pk").query.sql_with_params()
    with database.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        steps = [step[3] for step in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'issue_by_%' AND sql LIKE '%IS NOT NULL'")
        assert cursor.fetchone() == (8,)
    assert len(steps) == 1, steps  # another would be a sort
    assert "INDEX issue_by_" in steps[0]
