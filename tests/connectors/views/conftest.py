"""A simulated tenant on loopback, reached through the same doors as a real one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.models import Connection
from connectors.sources.simulator import SimulatedTenant, TenantServer
from connectors.sync.connect import check_connection, store_connection


@pytest.fixture
def console(reachable: None) -> Iterator[TenantServer]:
    with TenantServer(SimulatedTenant(seed=7, endpoints=3)) as server:
        yield server


@pytest.fixture
def connection(db: None, console: TenantServer) -> Connection:
    """Connected, and nothing imported yet."""
    host, result = check_connection("sentinelone", console.url, console.token)
    return store_connection("sentinelone", "Demo tenant", host, console.token, result, start=False)
