"""The simulated tenant: a world, its endpoints and findings, and what may be asked of it in process."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from connectors.sources.simulator import clock, truth, world
from connectors.sources.simulator.agents import agent_row
from connectors.sources.simulator.dice import dice
from connectors.sources.simulator.endpoints import MOST, Endpoints
from connectors.sources.simulator.faults import Faults
from connectors.sources.simulator.history import History, detected_among
from connectors.sources.simulator.layout import Layout
from connectors.sources.simulator.profiles import Profiles
from connectors.sources.simulator.risks import Risks

DEFAULT_ENDPOINTS = 96
FEWEST_PER_ENDPOINT = 40
SCOPES = ("tenant", "account", "site")
SKUS = ("none", "vm")


class SimulatedTenant:
    """Equal arguments make equal tenants, row by row.

    ``epoch``: the moment of revision 0, to which everything else is relative; without it the hour
    in which the tenant is made. ``findings``: exactly so many detected findings at revision 0,
    with as many endpoints as they need; the last endpoint keeps only a part of its own. ``sku``:
    ``vm`` with the paid module's fields, ``none`` without. ``token_scope``: how far the token
    sees: everything, the first account, or its first site. ``latency``: seconds per request.
    ``cache_bytes``: pages kept for a second read, none by default.
    """

    def __init__(
        self,
        seed: int = 7,
        endpoints: int | None = None,
        *,
        findings: int | None = None,
        epoch: datetime | None = None,
        sku: str = "vm",
        token: str | None = None,
        token_scope: str = "tenant",  # noqa: S107 - a scope, no secret
        token_expires: datetime | None = None,
        licensed: bool = True,
        scanning: bool = True,
        latency: float = 0.0,
        cache_bytes: int = 0,
    ) -> None:
        if sku not in SKUS or token_scope not in SCOPES:
            raise ValueError(f"sku is one of {SKUS}, token_scope one of {SCOPES}.")
        if findings is not None and (findings < 1 or endpoints is not None):
            raise ValueError("Give findings (at least 1) or endpoints, not both.")
        self.seed, self.sku, self.token_scope = seed, sku, token_scope
        self.licensed, self.scanning, self.latency = licensed, scanning, latency
        self.epoch = epoch or datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        self.token = token or default_token(seed)
        self.token_expires = token_expires or self.epoch + timedelta(days=180)
        self.faults = Faults()
        self.lock = RLock()
        epoch_ms = clock.to_ms(self.epoch)
        self.world = world.World(seed)
        self._profiles = Profiles(seed, epoch_ms)
        count = DEFAULT_ENDPOINTS if endpoints is None else endpoints
        self.endpoints = self._populate(count) if findings is None else self._populate_for(findings)
        self._layout = Layout(seed, self._profiles, self.endpoints, epoch_ms)
        if findings is not None:
            self._layout.cut(_length_for(findings, seed))
        self._history = History(seed, epoch_ms, self._profiles, self.endpoints, self._layout)
        self.risks = Risks(
            sku, self._profiles, self.endpoints, self._layout, self._history, self.world, cache_bytes=cache_bytes
        )
        self._agents: dict[Any, array[int]] = {}

    def _populate(self, count: int) -> Endpoints:
        return Endpoints(self.seed, count, self._profiles)

    def _populate_for(self, findings: int) -> Endpoints:
        """As many endpoints as have that many findings."""
        wanted = _length_for(findings, self.seed)
        many = self._populate(min(MOST, wanted // FEWEST_PER_ENDPOINT + 10))
        for position in range(len(many)):
            wanted -= many.profile(position).findings
            if wanted <= 0:
                return self._populate(position + 1)
        raise ValueError(f"Too many findings for {MOST} endpoints.")

    # its life

    @property
    def revision(self) -> int:
        return self._history.revision

    @property
    def now(self) -> datetime:
        """The tenant's own time: that of the last revision."""
        return clock.from_ms(self._history.now_ms)

    def advance(self, at: datetime | None = None) -> int:
        """Live on to the next revision, at ``at`` or a day later; its number."""
        with self.lock:
            self._history.advance(clock.to_ms(at or self.now + timedelta(days=1)))
            self.risks.forget()
            self._agents.clear()
            return self.revision

    # what is in it

    def truth(self) -> truth.Truth:
        """Exact counts of the present revision."""
        with self.lock:
            return truth.tell(self._profiles, self.endpoints, self._layout, self._history, self.world)

    def rows(self, removed: bool = False) -> Iterator[dict[str, Any]]:
        """Every risk row as it reads now, one at a time; removed ones too when asked for."""
        for position in range(self._history.length):
            change = self._history.changes.get(position)
            if removed or not (change and change.removed):
                yield self.risks.row(position)

    def agent(self, position: int) -> dict[str, Any]:
        """The row of an endpoint by its position."""
        history = self._history
        return agent_row(
            self.endpoints.get(position), history.group(position), self.world,
            history.scanned_ms(position), history.agent_updated_ms(position),
        )  # fmt: skip

    def moved_endpoints(self) -> dict[str, str]:
        """Ids of the endpoints that have changed groups, with the group's id."""
        moved = self._history.moved.items()
        return {self.endpoints.get(n).id: self.world.group_ids[group] for n, (group, _) in moved}

    def cve_ids(self) -> set[str]:
        """Every CVE that the tenant knows, published and invented."""
        return {template.vulnerability.cve for template in self._profiles.templates}

    # how far the token sees

    @property
    def visible_sites(self) -> frozenset[int]:
        account = [n for n, site in enumerate(world.SITES) if site.account == 0]
        return frozenset({"tenant": range(len(world.SITES)), "account": account, "site": [0]}[self.token_scope])

    def visible_endpoints(self) -> list[int]:
        sites = self.visible_sites
        return [n for n in range(len(self.endpoints)) if world.groups()[self._history.group(n)].site in sites]

    def agent_positions(self, mark: Any) -> array[int] | None:
        """What ``keep_agents`` kept for that mark, in this revision."""
        return self._agents.get(mark)

    def keep_agents(self, mark: Any, positions: array[int]) -> None:
        self._agents[mark] = positions

    def endpoints_by_group(self) -> Counter[int]:
        return Counter(
            self._history.group(n) for n in range(len(self.endpoints)) if not self.endpoints.get(n).decommissioned
        )


def default_token(seed: int) -> str:
    """The token of a tenant that was given none: the same at every start."""
    return f"eyJzaW11bGF0ZWQi.{dice(seed, 'token').getrandbits(300):075x}"


def _length_for(findings: int, seed: int) -> int:
    """How many positions hold that many findings that are not removed at revision 0."""
    length = findings
    while detected_among(length, seed) < findings:
        length += findings - detected_among(length, seed)
    return length
