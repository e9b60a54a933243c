from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from connectors.models import Connection, SyncRun
from connectors.sources.registry import PRODUCTS
from connectors.sync.start import start_run
from connectors.sync.work import Next, take_turn
from tests.memory_source import HOST, PRODUCT, TENANTS, MemoryTenant, Row


@pytest.fixture
def tenant(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryTenant]:
    monkeypatch.setitem(PRODUCTS, "memory", PRODUCT)
    TENANTS[HOST] = MemoryTenant()
    yield TENANTS[HOST]
    del TENANTS[HOST]


@pytest.fixture
def connection(db: None, tenant: MemoryTenant) -> Connection:
    made = Connection(connector="memory", name="Memory", host_url=HOST)
    made.set_token("a token of sixteen or more")
    made.save()
    return made


@pytest.fixture
def sync(connection: Connection) -> Callable[..., SyncRun]:
    """Import to the end in the foreground and return the finished run."""

    def run_to_the_end(mode: str = "full", *, patient: bool = False) -> SyncRun:
        connection.refresh_from_db()
        run = start_run(connection, mode, ring=False)
        for _ in range(200):
            if take_turn(run.pk, patient=patient) is not Next.AGAIN:
                break
        run.refresh_from_db()
        return run

    return run_to_the_end


@pytest.fixture
def ten(tenant: MemoryTenant) -> MemoryTenant:
    """Ten CVEs of one product on two endpoints."""
    tenant.add(*(Row(f"r{n:02}", endpoint=f"e{n % 2}", cve=f"CVE-2026-{n:04}") for n in range(10)))
    return tenant


@pytest.fixture
def run_tasks(queue, django_capture_on_commit_callbacks):
    """Do what the block asks of the workers, and what that asks for, until nothing waits."""

    @contextmanager
    def working() -> Iterator[None]:
        with django_capture_on_commit_callbacks(execute=True):
            yield
        while queue.tasks:
            with django_capture_on_commit_callbacks(execute=True):
                queue.work()

    return working
