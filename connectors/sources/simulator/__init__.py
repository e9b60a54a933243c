"""A SentinelOne-shaped tenant on loopback: believable, deterministic and cheap at a million rows.

It shares no code with the client, so that it stays an independent witness of what was read.

    from connectors.sources.simulator import SimulatedTenant, TenantServer

    tenant = SimulatedTenant(seed=7, endpoints=40)
    with TenantServer(tenant) as server:
        requests.get(server.url + "/web/api/v2.1/accounts", headers={"Authorization": "ApiToken " + server.token})
"""

from __future__ import annotations

from connectors.sources.simulator.server import TenantServer
from connectors.sources.simulator.tenant import SimulatedTenant

__all__ = ["SimulatedTenant", "TenantServer"]
