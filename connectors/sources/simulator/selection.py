"""Which findings a request asks for, worked out once and not row by row."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from typing import Any

from connectors.sources.simulator import clock, world
from connectors.sources.simulator.asking import FOREVER, Asked
from connectors.sources.simulator.endpoints import Endpoint

ENDPOINT_FIELDS = frozenset(
    (
        "accountId",
        "siteId",
        "groupId",
        "endpointName",
        "endpointType",
        "domain",
        "osType",
        "osVersion",
        "lastScanResult",
    )
)
TIMED = ("detectionDate", "riskUpdatedDate")
Row = Mapping[str, Any]


def endpoint_facts(endpoint: Endpoint, group: int, own: world.World) -> dict[str, Any]:
    """What filters may ask about the endpoint of a finding."""
    site = world.groups()[group].site
    system = endpoint.role.systems[endpoint.roll % len(endpoint.role.systems)]
    return {
        "accountId": own.account_ids[world.SITES[site].account],
        "siteId": own.site_ids[site],
        "groupId": own.group_ids[group],
        "endpointName": endpoint.name,
        "endpointType": endpoint.type,
        "domain": endpoint.domain,
        "osType": endpoint.role.os,
        "osVersion": " ".join(system),
        "lastScanResult": "Failed" if endpoint.roll % 31 == 4 else "Succeeded",
    }


class Selection:
    """The filters of one request over one revision.

    ``templates`` says of each template whether it matches, ``None`` when all do. ``order`` holds
    positions when the caller wants another order than that of the ids.
    """

    def __init__(self, asked: Asked, endpoints: array[int], first_at: Callable[[int], int], length: int) -> None:
        self._asked = asked
        self.endpoints = endpoints
        self.members = frozenset(endpoints)
        self.removed_too = "includeRemovals" in asked.options
        self.templates: list[bool] | None = None
        self.total: int | None = None
        self.order: array[int] | None = None
        self.outside: list[int] | None = None
        spans = [asked.spans[name] for name in TIMED if name in asked.spans]
        low, high = max((s[0] for s in spans), default=0), min((s[1] for s in spans), default=FOREVER)
        self.first = first_at(low) if low else 0
        self.stop = first_at(high + 1) if high < FOREVER else length

    @property
    def asks_template(self) -> bool:
        return "publishedDate" in self._asked.spans or any(n not in ENDPOINT_FIELDS for n, _ in self._asked.checks)

    def likes_template(self, row: Row) -> bool:
        span = self._asked.spans.get("publishedDate")
        if span and not span[0] <= clock.read(row["publishedDate"]) <= span[1]:
            return False
        return all(check(row) for name, check in self._asked.checks if name not in ENDPOINT_FIELDS)

    def likes_times(self, detected_ms: int, updated_ms: int) -> bool:
        return all(
            low <= ms <= high
            for name, ms in zip(TIMED, (detected_ms, updated_ms), strict=True)
            for low, high in [self._asked.spans.get(name, (0, FOREVER))]
        )


def likes_endpoint(asked: Asked, facts: Row) -> bool:
    return all(check(facts) for name, check in asked.checks if name in ENDPOINT_FIELDS)
