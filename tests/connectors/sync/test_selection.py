"""What a selection, and its end, does to findings."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.models import Connection, Resource
from connectors.selection import select
from connectors.sources.exceptions import (
    PermissionMissing,
)
from connectors.sources.records import ResourceRecord, ScopeKind
from connectors.sync import clear
from connectors.sync.start import start_run
from connectors.sync.work import take_turn
from connectors.tasks import reap
from issues.ingest import rows, store
from issues.models import Finding, Issue
from tests.connectors.sync.hooks import active
from tests.memory_source import Row, endpoint


@pytest.fixture
def two_sites(tenant):
    tenant.resources = [
        ResourceRecord(ScopeKind.ACCOUNT, "a1", "Account", "active"),
        ResourceRecord(ScopeKind.SITE, "s1", "Berlin", "active", "a1"),
        ResourceRecord(ScopeKind.SITE, "s2", "Lisbon", "active", "a1"),
    ]
    tenant.endpoints = {"e1": endpoint("e1", "s1"), "e2": endpoint("e2", "s2")}
    tenant.add(Row("r1", endpoint="e1"), Row("r2", endpoint="e2"), Row("r3", endpoint="e2", cve="CVE-2026-0002"))
    return tenant


def pick(connection: Connection, *names: str, include_new: bool = False) -> None:
    select(
        connection, list(Resource.objects.filter(name__in=names).values_list("pk", flat=True)), include_new=include_new
    )


def test_a_deselected_site_is_removed_not_resolved(two_sites, sync, connection):
    sync()
    pick(connection, "Berlin")
    run = sync()
    assert (run.state, run.removed, run.resolved, run.issues_removed) == ("succeeded", 2, 0, 2)
    reasons = set(Finding.objects.filter(state="removed").values_list("resolved_reason", flat=True))
    assert reasons == {"Its resource is not selected any more"}
    pick(connection, "Berlin", "Lisbon")
    assert sync().reopened == 2


def test_sites_whose_rows_lie_between_each_other(two_sites, sync, connection, monkeypatch):
    """Berlin's two lie so far apart that each is looked up, Lisbon's side by side."""
    looked_up: list[set[str]] = []

    def of_connection(*asked: Any) -> Any:
        looked_up.append(set(asked[-1]))
        return rows.of_connection(*asked)

    monkeypatch.setattr(store, "of_connection", of_connection)
    two_sites.rows.clear()
    for n in range(10, 40):
        two_sites.add(Row(str(n), endpoint="e1" if n in (10, 39) else "e2"))
    sync()
    pick(connection, "Berlin", "Lisbon")
    two_sites.change("39", cvss=1.0)
    run = sync()
    assert (run.state, run.created, run.changed, run.unchanged) == ("succeeded", 0, 1, 29)
    assert looked_up == [{"10", "39"}]


def test_one_site_that_can_not_be_read_resolves_nothing_of_itself_and_lets_the_others_resolve(
    two_sites, sync, connection
):
    sync()
    two_sites.add(Row("r4", endpoint="e1", cve="CVE-2026-0003"))
    sync()
    pick(connection, "Berlin", "Lisbon")
    two_sites.drop("r1", "r2")
    two_sites.faults[1] = PermissionMissing("The role may not read Lisbon.")
    run = sync()
    assert (run.state, run.error) == ("partial", "The role may not read Lisbon.")
    assert {f.external_id for f in Finding.objects.active()} == {"r2", "r3", "r4"}


def test_an_endpoint_that_moved_to_another_selected_site_keeps_its_findings(two_sites, sync, connection):
    sync()
    pick(connection, "Berlin", "Lisbon")
    two_sites.endpoints["e1"] = endpoint("e1", "s2")
    run = sync()
    assert (run.resolved, run.removed, active()) == (0, 0, 3)


def test_findings_of_a_deleted_site_are_removed_with_that_reason(two_sites, sync):
    sync()
    two_sites.resources.pop()
    two_sites.drop("r2", "r3")
    run = sync()
    assert (run.removed, run.resolved) == (2, 0)
    reasons = set(Finding.objects.filter(state="removed").values_list("resolved_reason", flat=True))
    assert reasons == {"Its site is deleted at the source"}


def test_a_site_created_later_joins_the_selection_when_asked(two_sites, sync, connection):
    sync()
    pick(connection, "Berlin", include_new=True)
    two_sites.resources.append(ResourceRecord(ScopeKind.SITE, "s3", "Austin", "active", "a1"))
    sync()
    assert set(Resource.objects.picked().values_list("name", flat=True)) == {"Berlin", "Austin"}


@pytest.mark.parametrize(("purge", "left"), [(False, 10), (True, 0)])
def test_a_deleted_connection_leaves_removed_issues_or_nothing(ten, sync, connection, run_tasks, purge, left):
    sync()
    with run_tasks():
        clear.delete_connection(connection, purge=purge)
    connection.refresh_from_db()
    assert not connection.token
    assert connection.cleared_at
    assert Issue.objects.filter(state="active").count() == 0
    assert Issue.objects.filter(state="removed").count() == Finding.objects.count() == left


def test_deleting_during_a_run_stops_it_and_clears_afterwards(ten, sync, connection, run_tasks):
    sync()
    run = start_run(connection, "full", ring=False)
    with run_tasks():
        clear.delete_connection(connection, purge=False)
    take_turn(run.pk)
    with run_tasks():
        reap()
    run.refresh_from_db()
    assert (run.state, active()) == ("cancelled", 0)


def test_a_selection_of_which_nothing_is_left_fails_and_leaves_the_issues(two_sites, sync, connection):
    sync()
    pick(connection, "Lisbon")
    two_sites.resources.pop()
    run = sync()
    assert (run.state, run.error_code, run.removed, active()) == ("failed", "nothing_selected", 0, 3)


def test_a_token_of_one_account_is_read_account_by_account(two_sites, sync, connection):
    Connection.objects.update(token_scope="account")
    run = sync()
    assert [(r.kind, r.name, r.read) for r in run.resources.all()] == [("account", "Account", 3)]
    two_sites.drop("r3")
    assert sync().resolved == 1
