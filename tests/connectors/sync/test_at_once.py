"""Several at once: two who start, one who deletes what is being imported, sites that end in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.db.models import Q

from connectors.models import Connection, SyncRun
from connectors.sources.records import ResourceRecord, ScopeKind
from connectors.sync.clear import clear_deleted, delete_connection
from connectors.sync.start import AlreadyRunning, start_run
from connectors.sync.work import Next, take_turn
from issues.models import Finding, Issue
from tests.connectors.sync.hooks import active, before_each_batch
from tests.memory_source import Row, endpoint

MANY = 4


@pytest.mark.django_db(transaction=True)
def test_of_many_who_press_sync_now_at_once_one_starts_it(ten, connection):
    gate = Barrier(MANY)

    def press(_: int) -> str:
        gate.wait()
        try:
            start_run(Connection.objects.get(), "full", ring=False)
        except AlreadyRunning:
            return "running already"
        finally:
            connections.close_all()
        return "started"

    with ThreadPoolExecutor(MANY) as people:
        answers = list(people.map(press, range(MANY)))
    assert sorted(answers) == ["running already"] * (MANY - 1) + ["started"]
    assert SyncRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_takes_the_run(ten, connection):
    run = start_run(connection, "full", ring=False)
    gate = Barrier(MANY)

    def work(_: int) -> Next:
        gate.wait()
        try:
            return take_turn(run.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(MANY) as workers:
        list(workers.map(work, range(MANY)))
    run.refresh_from_db()
    assert (run.state, run.read, run.created, active()) == ("succeeded", 10, 10, 10)


@pytest.mark.parametrize("purge", [False, True])
def test_a_connection_deleted_in_mid_run_leaves_nothing_in_the_queue(ten, sync, connection, monkeypatch, purge):
    sync()
    ten.add(*(Row(f"x{n}", cve=f"CVE-2025-{n:04}") for n in range(9)))
    monkeypatch.setattr("connectors.sync.batches.ROWS", 1)
    deleted = iter([False, True])
    before_each_batch(
        monkeypatch,
        lambda: delete_connection(Connection.objects.get(), purge=purge) if next(deleted, False) else None,
    )
    run = sync()
    assert (run.state, run.resolved) == ("cancelled", 0)
    connection.refresh_from_db()
    assert not connection.token
    clear_deleted(connection)
    assert active() == 0
    assert not Issue.objects.filter(Q(state="active") | Q(state=None)).exists()
    assert Finding.objects.exists() is not purge
    connection.refresh_from_db()
    assert (connection.cleared_at is not None, connection.next_run_at) == (True, None)


@pytest.mark.parametrize("ending", ["expired", "deleted"])
def test_what_vanishes_with_its_site_is_removed_and_not_called_repaired(tenant, sync, ending):
    tenant.add(*(Row(f"r{n:02}", endpoint="e1", cve=f"CVE-2026-{n:04}") for n in range(20)))
    tenant.endpoints["e2"] = endpoint("e2", "s2")
    tenant.add(*(Row(f"s{n}", endpoint="e2", cve=f"CVE-2026-{n:04}") for n in range(4)))
    tenant.resources = [ResourceRecord(ScopeKind.SITE, s, s, "active") for s in ("s1", "s2")]
    sync()
    tenant.drop(*(f"s{n}" for n in range(4)))
    tenant.resources = [ResourceRecord(ScopeKind.SITE, "s1", "s1", "active")]
    if ending == "expired":
        tenant.resources.append(ResourceRecord(ScopeKind.SITE, "s2", "s2", "expired"))
    run = sync()
    assert (run.state, run.resolved, run.removed, active()) == ("succeeded", 0, 4, 20)
    gone = Finding.objects.filter(state="removed").values_list("resolved_reason", flat=True).distinct()
    assert list(gone) == [f"Its site is {ending} at the source"]
