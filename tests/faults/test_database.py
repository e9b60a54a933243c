"""A full disk and a locked database: the run ends with a sentence, and what was committed is consistent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connections
from django.db import connection as database

from connectors.models import Connection, SyncRun
from connectors.sync.start import start_run
from connectors.sync.work import TRIES, Next, take_turn
from connectors.tasks import reap
from issues.models import Finding
from tests.faults.conftest import connect
from tests.faults.stored import counts_are_true, equals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr("connectors.sync.batches.ROWS", 60)


@contextmanager
def full_disk(pages: int) -> Iterator[None]:
    """SQLite may grow its file by so many pages of 4 kB, and then meets the same error as on a full disk."""
    with database.cursor() as cursor:
        cursor.execute("VACUUM")
        (size,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {size + pages}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")


@contextmanager
def write_lock() -> Iterator[None]:
    """Another program holds what every writer needs, for longer than anybody waits."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE" if database.vendor == "sqlite" else "BEGIN")
            if database.vendor == "postgresql":
                cursor.execute("LOCK TABLE issues_finding, issues_endpoint IN EXCLUSIVE MODE")
            held.set()
            release.wait(30)
            cursor.execute("ROLLBACK")
        connections["default"].close()

    with database.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 200" if database.vendor == "sqlite" else "SET lock_timeout = '200ms'")
    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        yield
    finally:
        release.set()
        holder.join()


@pytest.fixture(autouse=True)
def _usual_waits():
    yield
    database.close()


@pytest.mark.sqlite
@pytest.mark.parametrize("pages", [8, 20, 40, 60])
def test_a_full_disk_fails_the_run_and_the_next_one_mends_it(sync, tenant, connection, pages):
    with full_disk(pages):
        run = sync()
    assert (run.state, run.error_code, run.resolved) == ("failed", "disk_full", 0)
    assert run.error.startswith("The disk with Sightline's database is full: make room on it.")
    assert Connection.objects.get().problem == run.error
    assert Finding.objects.count() == run.created == run.read
    assert sync().state == "succeeded"
    assert equals(tenant, connection)


@pytest.mark.sqlite
def test_a_worker_with_patience_tries_a_few_times_before_it_gives_up(connection):
    run = start_run(connection, "full", ring=False)
    with full_disk(20):
        turns = [take_turn(run.pk) for _ in range(2 * TRIES)]
    assert Next.AGAIN not in turns
    assert turns.count(Next.LATER) >= TRIES - 1
    run.refresh_from_db()
    assert (turns[-1], run.state, run.error_code) == (Next.DONE, "failed", "disk_full")


@pytest.mark.sqlite
def test_a_run_on_a_disk_without_any_room_is_swept_when_there_is_room_again(connection, tenant, queue, settings):
    """Nothing at all can be stored any more: the run stays as it is until somebody makes room."""
    settings.RUN_LEASE_SECONDS = 1
    run = start_run(connection, "full", ring=False)
    take_turn_of_a_page(run)
    with read_only():
        assert take_turn(run.pk) is Next.LATER
    before = SyncRun.objects.get()
    assert before.state == "running"
    SyncRun.objects.update(lease_until=None, next_step_at=None)
    reap()
    queue.work()
    assert SyncRun.objects.get().state == "succeeded"
    assert equals(tenant, connection)


def take_turn_of_a_page(run: SyncRun) -> None:
    from connectors.sync import work

    patient, work.TURN = work.TURN, 0.0
    try:
        assert take_turn(run.pk) is Next.AGAIN
    finally:
        work.TURN = patient


@contextmanager
def read_only() -> Iterator[None]:
    with database.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA query_only = OFF")


def test_a_locked_database_is_waited_for_and_then_said(connection, tenant, sync):
    run = start_run(connection, "full", ring=False)
    take_turn_of_a_page(run)
    with write_lock():
        assert take_turn(run.pk) is Next.LATER
    SyncRun.objects.update(lease_until=None, next_step_at=None)
    while take_turn(run.pk) is Next.AGAIN:
        pass
    assert SyncRun.objects.get().state == "succeeded"
    assert equals(tenant, connection)


@pytest.mark.postgres
def test_locked_tables_fail_a_run_that_nobody_waits_for(connection, tenant, sync):
    with write_lock():
        run = sync()
    assert (run.state, run.error_code) == ("failed", "database_busy")
    assert run.error.startswith("Another program kept Sightline's database locked for too long")
    assert Connection.objects.get().problem == run.error
    assert sync().state == "succeeded"
    assert equals(tenant, connection)


def test_a_database_that_refuses_in_mid_run_leaves_nothing_half_written(server, tenant):
    """From one statement on for good, at many statements in turn, and then a good run."""
    for nth in range(20, 260, 23):
        connection = connect(server, f"From statement {nth}")
        run = start_run(connection, "full", ring=False)
        with database.execute_wrapper(refuse_from(nth)):
            take_turn(run.pk)
        assert counts_are_true()
        SyncRun.objects.update(lease_until=None, next_step_at=None, attempts=0)
        while take_turn(run.pk) is Next.AGAIN:
            pass
        run.refresh_from_db()
        assert run.state == "succeeded"
        assert equals(tenant, connection)


def refuse_from(nth: int):
    left = iter(range(nth))

    def execute_or_not(execute, sql, params, many, context):
        if next(left, None) is None:
            raise DatabaseError("no")
        return execute(sql, params, many, context)

    return execute_or_not
