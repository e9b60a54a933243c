"""A tenant over real HTTP, a connection to it through the product's own source, and waits that nobody waits for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from connectors.models import Connection, SyncRun
from connectors.sources.simulator import SimulatedTenant, TenantServer
from connectors.sync.start import start_run
from connectors.sync.work import Next, take_turn

SHORT = {"connect": 2.0, "read": 0.5, "deadline": 3.0, "tries": 3, "base": 0.001, "longest": 0.01, "gap": 0.001}
Sync = Callable[..., SyncRun]


@pytest.fixture
def short_waits(settings, reachable: None) -> None:
    settings.SOURCE_WAITS = SHORT
    settings.SOURCE_PAGE_ROWS = 60


@pytest.fixture
def tenant() -> SimulatedTenant:
    """Three pages of findings and one of endpoints; a month old, so that it can live on without leaving the present."""
    return SimulatedTenant(seed=5, findings=150, epoch=datetime.now(UTC) - timedelta(days=30))


@pytest.fixture
def server(tenant: SimulatedTenant, short_waits: None) -> Iterator[TenantServer]:
    with TenantServer(tenant) as server:
        yield server


@pytest.fixture
def connection(db: None, server: TenantServer) -> Connection:
    return connect(server, "Acme")


def connect(server: TenantServer, name: str) -> Connection:
    made = Connection(connector="sentinelone", name=name, host_url=server.url)
    made.set_token(server.token)
    made.save()
    return made


@pytest.fixture
def sync(connection: Connection) -> Sync:
    """Import to the end in the foreground; with ``patient`` every pause that is asked for is skipped."""

    def run_to_the_end(mode: str = "full", *, patient: bool = False) -> SyncRun:
        connection.refresh_from_db()
        run = start_run(connection, mode, ring=False)
        after = Next.AGAIN
        while after is Next.AGAIN:
            after = take_turn(run.pk, patient=patient)
            if after is Next.LATER:
                SyncRun.objects.filter(pk=run.pk).update(next_step_at=None)
                after = Next.AGAIN
        run.refresh_from_db()
        return run

    return run_to_the_end


@pytest.fixture(autouse=True)
def _token_stays_hidden(server: TenantServer, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever goes wrong: the token is in no log line, not even at the most talkative level."""
    caplog.set_level(logging.DEBUG)
    yield
    assert server.token not in caplog.text
