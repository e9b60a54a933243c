"""What the bench measures lists on is as large as it says, and looks like what imports leave."""

from __future__ import annotations

import pytest
from django.db.models import Sum
from django.http import QueryDict

from issues.bench import applications, pages
from issues.ingest import days
from issues.models import ApplicationDay, Endpoint, Issue, IssueCount
from issues.queue.application_list import list_applications


@pytest.fixture
def filled(db, monkeypatch) -> None:
    monkeypatch.setattr(applications, "HOSTS", 50)
    applications.fill(12)


def test_tables_of_lists_are_full(filled, ada):
    active = IssueCount.objects.filter(state=Issue.State.ACTIVE).aggregate(n=Sum("findings"))["n"]
    assert active == pytest.approx(applications.FINDINGS, rel=0.01)
    assert Endpoint.objects.count() == 50
    assert ApplicationDay.objects.count() == 12 * (days.KEPT.days + 1)
    assert not days.is_due()
    rows = list_applications(ada, QueryDict("sort=-issues")).rows
    assert len(rows) == 13, "Unassigned too"
    assert all(len(row.trend.issues) == 90 and row.change is not None for row in rows[:12])
    assert all(row.traits.tags and row.traits.owners and row.numbers.endpoints for row in rows[:12])


def test_lists_are_measured(filled):
    measured = list(pages.measure(pages.OF_APPLICATIONS))
    assert [page.name for page in measured] == ["applications", "applications, by change", "applications, filtered"]
    assert all(page.queries > 10 and page.kilobytes > 20 and page.milliseconds >= page.least for page in measured)
