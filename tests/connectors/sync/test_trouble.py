"""Nothing is resolved on an incomplete, empty or suspicious read, and every failure says its sentence."""

from __future__ import annotations

import pytest
from django.utils import timezone

from connectors.models import Connection, SyncRun
from connectors.sources.exceptions import (
    BadAnswer,
    CursorExpired,
    ModuleMissing,
    PermissionMissing,
    RateLimited,
    TokenRefused,
    Unreachable,
)
from connectors.tasks import start_due
from issues.models import Endpoint
from tests.connectors.sync.hooks import active
from tests.memory_source import Row


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


def test_a_token_that_may_not_see_endpoints_still_imports_findings(ten, sync):
    ten.endpoints_refused = PermissionMissing("The role may not see endpoints.")
    run = sync()
    assert (run.state, active(), Endpoint.objects.count()) == ("succeeded", 10, 2)
    assert run.warnings[0].startswith("The role may not see endpoints.")
