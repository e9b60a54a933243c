"""Issues learn of the last scans of their endpoints, whether they are counted meanwhile or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors import sink
from connectors.models import Connection
from issues.ingest import bulk, scans
from issues.models import Endpoint, Issue
from tests.factories import make_application, make_connection, make_endpoint, make_issue

pytestmark = pytest.mark.django_db

AT = datetime(2027, 1, 5, 10, tzinfo=UTC)


@pytest.fixture
def connection() -> Connection:
    """Two issues on an endpoint each."""
    connection, application = make_connection(), make_application()
    for n in range(2):
        make_endpoint(connection, application, f"host-{n}")
        make_issue(connection, application, endpoints=[f"host-{n}"], cve=f"CVE-2026-{n}")
    return connection


@pytest.mark.parametrize("stale", [0, 1, 2])
def test_every_issue_knows_of_the_scan_however_many_are_counted_anyway(connection, stale):
    Endpoint.objects.update(last_scan_at=AT, rescanned=True)
    Issue.objects.filter(pk__in=Issue.objects.order_by("pk").values("pk")[:stale]).update(stale=True)
    while sink.get().count_issues(connection, None) is not None:
        pass
    assert set(Issue.objects.values_list("last_seen", "stale")) == {(AT, False)}
    assert not Endpoint.objects.filter(rescanned=True).exists()


def test_an_issue_is_written_once_however_many_of_its_endpoints_were_scanned(monkeypatch):
    written: list[int] = []
    monkeypatch.setattr(scans, "RESCANNED", 1)
    monkeypatch.setattr(scans, "execute", lambda *given: written.append(bulk.execute(*given)))
    issue = make_issue(endpoints=["one", "two", "three"])
    for name, hours in (("one", -2), ("two", 0), ("three", -1)):
        Endpoint.objects.filter(name=name).update(last_scan_at=AT + timedelta(hours=hours), rescanned=True)
    while scans.pass_on_scans(issue.connection):
        pass
    assert written == [1, 0, 0]
    issue.refresh_from_db()
    assert issue.last_seen == AT
