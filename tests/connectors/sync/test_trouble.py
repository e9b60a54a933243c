"""Nothing is resolved on an incomplete, empty or suspicious read, and every failure says its sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from connectors.models import Connection, Resource, SyncRun
from connectors.selection import select
from connectors.sources.exceptions import (
    BadAnswer,
    CursorExpired,
    ModuleMissing,
    PermissionMissing,
    RateLimited,
    TokenRefused,
    Unreachable,
)
from connectors.sources.records import ResourceRecord, ScopeKind
from connectors.sync import claim, clear, work
from connectors.sync.read import store_batch
from connectors.sync.start import AlreadyRunning, cancel, start_run
from connectors.sync.work import Next, take_turn
from connectors.tasks import reap, start_due
from issues.models import Endpoint, Finding, Issue
from tests.memory_source import Row, endpoint


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours may catch it."""


def before_each_batch(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    def acting(*args: object) -> None:
        act()
        store_batch(*args)

    monkeypatch.setattr("connectors.sync.read.store_batch", acting)


def active() -> int:
    return Finding.objects.active().count()


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("SentinelOne did not answer."),
        BadAnswer("The answer was cut short."),
        RateLimited("Too many requests."),
    ],
)
def test_a_half_read_run_is_partial_keeps_what_came_and_resolves_nothing(ten, sync, error):
    sync()
    ten.drop("r00", "r09")
    ten.add(Row("r001", endpoint="e1", cve="CVE-2026-9999"))
    ten.faults[2] = error
    run = sync()
    assert (run.state, run.error_code, run.error) == ("partial", error.code, error.sentence)
    assert (run.created, run.resolved, active()) == (1, 0, 11)
    connection = run.connection
    assert connection.problem == error.sentence
    assert not connection.waits_for_person
    assert connection.last_full_at < run.started_at


def test_a_dead_token_fails_the_run_and_holds_the_schedule(ten, sync):
    sync()
    ten.faults[1] = TokenRefused("SentinelOne refused the API token.")
    run = sync()
    assert (run.state, run.error) == ("failed", "SentinelOne refused the API token.")
    assert active() == 10
    Connection.objects.update(next_run_at=timezone.now())
    start_due()
    assert not SyncRun.objects.unfinished().exists()


@pytest.mark.parametrize("error", [ModuleMissing("No licence."), PermissionMissing("The role may not.")])
def test_a_lost_licence_fails_the_run_and_leaves_everything(ten, sync, error):
    sync()
    ten.faults[0] = error
    run = sync()
    assert (run.state, run.error_code, active()) == ("failed", error.code, 10)


def test_fewer_rows_than_announced_resolve_nothing(ten, sync):
    sync()
    ten.drop("r00")
    ten.announced = 10
    run = sync()
    assert (run.state, run.error_code, run.resolved) == ("partial", "incomplete", 0)
    assert "9 of 10 announced rows came" in run.error


def test_rows_without_an_id_resolve_nothing(ten, sync):
    sync()
    ten.drop("r00")
    ten.unnamed = 1
    run = sync()
    assert (run.state, run.skipped, run.resolved) == ("partial", 1, 0)
    assert run.broken_rows[0]["reason"] == "A row has no id."


def test_a_broken_row_is_counted_and_its_finding_stays(ten, sync):
    sync()
    ten.change("r00", broken=True)
    run = sync()
    assert (run.state, run.skipped, run.resolved, active()) == ("succeeded", 1, 0, 10)


def test_too_many_broken_rows_fail_the_run(tenant, sync):
    tenant.add(*(Row(f"r{n:02}", broken=n % 2 == 0) for n in range(60)))
    run = sync()
    assert (run.state, run.error_code) == ("failed", "broken_rows")
    assert len(run.broken_rows) == 20


def test_an_empty_read_is_held_and_the_next_normal_one_clears_it(ten, sync):
    sync()
    rows = dict(ten.rows)
    ten.rows.clear()
    run = sync()
    assert (run.state, run.error_code, run.resolved, active()) == ("partial", "held", 0, 10)
    assert "10 of 10 active findings" in run.connection.problem
    ten.rows = rows
    assert sync().connection.problem == ""


def test_losing_more_than_a_third_is_held(tenant, sync):
    tenant.add(*(Row(f"r{n:02}", cve=f"CVE-2026-{n:04}") for n in range(40)))
    sync()
    tenant.drop(*(f"r{n:02}" for n in range(20)))
    run = sync()
    assert (run.state, run.error_code, active()) == ("partial", "held", 40)


def test_an_expired_cursor_begins_the_walk_again(ten, sync):
    ten.faults[2] = CursorExpired("The cursor ran out.")
    run = sync()
    assert (run.state, run.read, run.created) == ("succeeded", 10, 10)


def test_a_source_that_never_keeps_its_cursor_is_given_up(ten, sync):
    ten.on_page = lambda number: ten.faults.update({number: CursorExpired("again")}) if number % 4 == 2 else None
    run = sync()
    assert run.state == "partial"
    assert "losing its place" in run.error


@pytest.mark.parametrize("page", range(4))
def test_a_killed_worker_loses_one_batch_and_the_next_carries_on(ten, sync, connection, monkeypatch, page):
    monkeypatch.setattr("connectors.sync.batches.ROWS", 1)
    run = start_run(connection, "full", ring=False)

    def kill(number: int) -> None:
        if number == page:
            ten.on_page = None
            raise Killed

    ten.on_page = kill
    with pytest.raises(Killed):
        take_turn(run.pk)
    assert take_turn(run.pk) is Next.DONE  # the lease of the dead worker still stands
    SyncRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    while take_turn(run.pk) is Next.AGAIN:
        pass
    run.refresh_from_db()
    assert (run.state, run.read, run.created, active()) == ("succeeded", 10, 10, 10)
    assert Issue.objects.filter(state="active").count() == 10


def test_a_worker_killed_between_writing_and_saving_writes_nothing(ten, connection, monkeypatch):
    run = start_run(connection, "full", ring=False)
    real = claim.Claim.progress

    def die(self, tally=None, **values):
        if tally and tally.created:
            raise Killed
        real(self, tally, **values)

    monkeypatch.setattr(claim.Claim, "progress", die)
    with pytest.raises(Killed):
        take_turn(run.pk)
    assert Finding.objects.count() == 0


def test_a_worker_that_lost_its_claim_writes_nothing(ten, connection, monkeypatch):
    run = start_run(connection, "full", ring=False)
    before_each_batch(monkeypatch, lambda: SyncRun.objects.update(owner="another"))
    assert take_turn(run.pk) is Next.DONE
    assert Finding.objects.count() == 0


def test_a_run_whose_worker_keeps_dying_is_ended_with_a_sentence(ten, connection):
    run = start_run(connection, "full", ring=False)
    SyncRun.objects.update(attempts=work.TRIES)
    take_turn(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error_code) == ("failed", "worker_died")


def test_a_patient_run_waits_and_tries_again(ten, connection):
    ten.faults[1] = Unreachable("SentinelOne did not answer.")
    run = start_run(connection, "full", ring=False)
    assert take_turn(run.pk) is Next.LATER
    run.refresh_from_db()
    assert run.state == "running"
    assert run.next_step_at > timezone.now()
    while take_turn(run.pk) is Next.AGAIN:
        pass
    run.refresh_from_db()
    assert (run.state, run.created) == ("succeeded", 10)


def test_the_reaper_rings_for_a_run_that_nobody_works_on(ten, connection, run_tasks):
    start_run(connection, "full", ring=False)
    with run_tasks():
        reap()
    assert SyncRun.objects.get().state == "succeeded"


def test_only_one_run_at_a_time(ten, connection):
    first = start_run(connection, "full", ring=False)
    with pytest.raises(AlreadyRunning) as caught:
        start_run(connection, "full", ring=False)
    assert caught.value.run == first


def test_a_cancelled_run_keeps_what_it_stored_and_resolves_nothing(ten, sync, connection, monkeypatch):
    sync()
    ten.drop("r00")
    monkeypatch.setattr("connectors.sync.batches.ROWS", 1)
    run = start_run(connection, "full", ring=False)
    before_each_batch(monkeypatch, lambda: SyncRun.objects.filter(pk=run.pk).update(cancel_requested=True))
    while take_turn(run.pk) is Next.AGAIN:
        pass
    run.refresh_from_db()
    assert (run.state, run.resolved, active()) == ("cancelled", 0, 10)


def test_a_queued_run_can_be_cancelled(ten, connection):
    run = start_run(connection, "full", ring=False)
    cancel(run)
    take_turn(run.pk)
    run.refresh_from_db()
    assert (run.state, run.read) == ("cancelled", 0)


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


def test_a_token_that_may_not_see_endpoints_still_imports_findings(ten, sync, monkeypatch):
    def refuse(self, since=None, cursor=None):
        raise PermissionMissing("The role may not see endpoints.")
        yield

    monkeypatch.setattr("tests.memory_source.MemorySource.endpoint_pages", refuse)
    run = sync()
    assert (run.state, active(), Endpoint.objects.count()) == ("succeeded", 10, 2)
    assert run.warnings[0].startswith("The role may not see endpoints.")


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
