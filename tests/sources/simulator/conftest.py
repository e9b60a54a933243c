from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from connectors.sources.simulator import SimulatedTenant, TenantServer

EPOCH = datetime(2026, 3, 2, 8, tzinfo=UTC)
ROOT = "/web/api/v2.1"
RISKS = "/application-management/risks"


class Console:
    """A plain reader of a running tenant."""

    def __init__(self, server: TenantServer) -> None:
        self.server = server
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"ApiToken {server.token}"

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.session.get(self.server.url + ROOT + path, params=query, timeout=10)

    def walk(self, path: str = RISKS, **query: Any) -> list[dict[str, Any]]:
        """Every row of a list, page by page; the total has to hold."""
        rows: list[dict[str, Any]] = []
        first = whole = self.get(path, **query).json()
        while True:
            data = whole["data"]
            rows += data["sites"] if isinstance(data, dict) else data
            cursor = whole["pagination"]["nextCursor"]
            if cursor is None:
                assert first["pagination"]["totalItems"] == len(rows)
                return rows
            whole = self.get(path, **query, cursor=cursor).json()


@pytest.fixture
def tenant() -> SimulatedTenant:
    return SimulatedTenant(seed=3, endpoints=24, epoch=EPOCH)


@pytest.fixture
def console(tenant: SimulatedTenant) -> Iterator[Console]:
    with TenantServer(tenant) as server:
        yield Console(server)
