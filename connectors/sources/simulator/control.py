"""The control path of a running simulator, under ``/_simulator/``: for tests and demos, unknown to a real console.

GET  state                       seed, revision, now, endpoints, faults
GET  truth                       exact counts
GET  log                         requests so far
POST advance  {"at": ISO?}       next revision
POST faults   {"kind", …}        switch a fault on, fields as ``Fault``
POST set      {"latency": 0.2, "licensed": false, "scanning": true}
DELETE faults                    switch all off
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson

from connectors.sources.simulator.answers import Answer, not_found, ok
from connectors.sources.simulator.routes import Request
from connectors.sources.simulator.tenant import SimulatedTenant

ROOT = "/_simulator/"
SETTABLE: dict[str, tuple[type, ...]] = {"latency": (int, float), "licensed": (bool,), "scanning": (bool,)}


def control(tenant: SimulatedTenant, request: Request, log: list[dict[str, Any]]) -> Answer:
    """Act on a control request; 400 with the reason for one that makes no sense."""
    action = ACTIONS.get((request.method, request.path.removeprefix(ROOT)))
    if action is None:
        return ok(log) if (request.method, request.path) == ("GET", ROOT + "log") else not_found()
    try:
        given = orjson.loads(request.body or b"{}")
        return ok(action(tenant, given))
    except (ValueError, TypeError) as reason:
        return Answer(400, orjson.dumps({"error": str(reason)}))


def _state(tenant: SimulatedTenant, _: Any) -> dict[str, Any]:
    return {
        "seed": tenant.seed, "sku": tenant.sku, "revision": tenant.revision, "epoch": tenant.epoch.isoformat(),
        "now": tenant.now.isoformat(), "endpoints": len(tenant.endpoints), "latency": tenant.latency,
        "licensed": tenant.licensed, "scanning": tenant.scanning,
        "faults": [{"kind": fault.kind, "path": fault.path, "hits": fault.hits} for fault in tenant.faults.all],
    }  # fmt: skip


def _truth(tenant: SimulatedTenant, _: Any) -> dict[str, Any]:
    return tenant.truth().summary()


def _advance(tenant: SimulatedTenant, given: Any) -> dict[str, Any]:
    at = given.get("at")
    tenant.advance(datetime.fromisoformat(at) if at else None)
    return _state(tenant, given)


def _add_fault(tenant: SimulatedTenant, given: Any) -> dict[str, Any]:
    tenant.faults.add(**given)
    return _state(tenant, given)


def _clear_faults(tenant: SimulatedTenant, given: Any) -> dict[str, Any]:
    tenant.faults.clear()
    return _state(tenant, given)


def _set(tenant: SimulatedTenant, given: Any) -> dict[str, Any]:
    for name, value in given.items():
        if name not in SETTABLE or not isinstance(value, SETTABLE[name]):
            raise ValueError(f"{name} cannot be set to that.")
        setattr(tenant, name, value)
    return _state(tenant, given)


ACTIONS: dict[tuple[str, str], Callable[[SimulatedTenant, Any], Any]] = {
    ("GET", "state"): _state,
    ("GET", "truth"): _truth,
    ("POST", "advance"): _advance,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "set"): _set,
}
