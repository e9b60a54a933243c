"""The company: its accounts, sites and groups, and which endpoints stand where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from connectors.sources.simulator import clock
from connectors.sources.simulator.dice import number

COMPANY = "Larkfield"
DOMAIN = "corp.larkfield.example"
FOUNDED_MS = clock.to_ms(datetime(2024, 2, 12, 9, 20, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Site:
    account: int
    name: str
    code: str  # in endpoint names
    net: int  # third octet of its private network
    cloud: str = ""  # "AWS" or "Azure"
    state: str = "active"
    places: tuple[tuple[str, str, int], ...] = ()  # group, role, endpoints in a thousand


@dataclass(frozen=True, slots=True)
class Group:
    """``key`` is its position in ``GROUPS``."""

    key: int
    site: int
    name: str


ACCOUNTS = ("Larkfield Group", "Larkfield Payments")

SITES = (
    Site(0, "Berlin Headquarters", "BER", 10, places=(
        ("Workstations", "office", 130), ("Finance", "finance", 45), ("Engineering", "developer", 40),
        ("Executives", "mac-office", 25), ("Servers", "directory", 14), ("Servers", "mail", 6))),
    Site(0, "Hamburg Office", "HAM", 20, places=(
        ("Workstations", "office", 70), ("Workstations", "mac-office", 15), ("Default Group", "office", 12))),
    Site(0, "Vienna Office", "VIE", 30, places=(("Workstations", "office", 55), ("Finance", "finance", 15))),
    Site(0, "Lisbon Support Centre", "LIS", 40, places=(
        ("Support Desk", "support", 75), ("Default Group", "office", 12))),
    Site(0, "Leipzig Warehouse", "LEJ", 50, places=(("Kiosks", "till", 22), ("Workstations", "office", 20))),
    Site(0, "Retail Stores", "RTL", 60, places=(("Tills", "till", 70),)),
    Site(0, "Frankfurt Data Centre 1", "FRA1", 70, places=(
        ("Databases", "database", 26), ("Web Servers", "intranet", 24), ("Identity", "directory", 14),
        ("Legacy", "legacy", 14))),
    Site(0, "Munich Office (closed)", "MUC", 80, state="expired", places=(("Workstations", "office", 6),)),
    Site(1, "Payments Production (AWS)", "PAY", 90, "AWS", places=(
        ("Payments API", "payments", 50), ("Customer Portal", "portal", 45), ("Kubernetes", "cluster", 30))),
    Site(1, "Payments Staging (AWS)", "STG", 100, "AWS", places=(
        ("Payments API", "payments", 14), ("Customer Portal", "portal", 14))),
    Site(1, "Analytics (Azure)", "ANA", 110, "Azure", places=(("Data Warehouse", "warehouse", 32),)),
    Site(1, "Dublin Engineering", "DUB", 120, places=(
        ("Engineering", "mac-developer", 45), ("Engineering", "developer", 25), ("Build Farm", "build", 20))),
    Site(1, "Frankfurt Data Centre 2", "FRA2", 130, places=(
        ("Databases", "database", 16), ("Default Group", "intranet", 8), ("Legacy", "legacy", 6))),
)  # fmt: skip


@lru_cache(maxsize=1)
def groups() -> tuple[Group, ...]:
    """Every group, site by site; each site has its default group first."""
    found: list[Group] = []
    for position, site in enumerate(SITES):
        names = ["Default Group", *(place[0] for place in site.places)]
        for name in dict.fromkeys(names):
            found.append(Group(len(found), position, name))
    return tuple(found)


@lru_cache(maxsize=1)
def places() -> tuple[tuple[int, str, int], ...]:
    """Where endpoints stand: group, role and weight."""
    keys = {(group.site, group.name): group.key for group in groups()}
    return tuple(
        (keys[position, name], role, weight)
        for position, site in enumerate(SITES)
        for name, role, weight in site.places
    )


class World:
    """The company as one seed sees it: ids and rows."""

    def __init__(self, seed: int) -> None:
        self.account_ids = [self._id(seed, "account", n) for n in range(len(ACCOUNTS))]
        self.site_ids = [self._id(seed, "site", n) for n in range(len(SITES))]
        self.group_ids = [self._id(seed, "group", group.key) for group in groups()]
        self.owner_id = self._id(seed, "owner", 0)

    @staticmethod
    def _id(seed: int, kind: str, position: int) -> str:
        offset = ("owner", "account", "site", "group").index(kind) * 3_600_000 + position * 61_000
        return str(clock.mint(FOUNDED_MS + offset, number(seed, kind, position)))

    def account_rows(self, agents: dict[int, int]) -> list[dict[str, Any]]:
        """Rows of ``/accounts``; ``agents`` counts endpoints by site."""
        return [self._account(position, agents) for position in range(len(ACCOUNTS))]

    def _account(self, position: int, agents: dict[int, int]) -> dict[str, Any]:
        own = [n for n, site in enumerate(SITES) if site.account == position]
        return {
            "id": self.account_ids[position],
            "name": ACCOUNTS[position],
            "state": "active",
            "accountType": "Paid",
            "activeAgents": sum(agents.get(n, 0) for n in own),
            "numberOfSites": len(own),
            "isDefault": False,
            "usageType": "customer",
            "billingMode": "subscription",
            "externalId": None,
            "licenses": licences(),
            **self._dates(self.account_ids[position]),
        }

    def site_rows(self, agents: dict[int, int]) -> list[dict[str, Any]]:
        return [self._site(position, agents.get(position, 0)) for position in range(len(SITES))]

    def _site(self, position: int, agents: int) -> dict[str, Any]:
        site = SITES[position]
        return {
            "id": self.site_ids[position],
            "name": site.name,
            "accountId": self.account_ids[site.account],
            "accountName": ACCOUNTS[site.account],
            "state": site.state,
            "siteType": "Paid",
            "activeLicenses": agents,
            "totalLicenses": 0,
            "unlimitedLicenses": True,
            "isDefault": False,
            "description": None,
            "externalId": None,
            "licenses": licences(),
            "registrationToken": "simulated-registration-secret",
            **self._dates(self.site_ids[position]),
        }

    def group_rows(self, agents: dict[int, int]) -> list[dict[str, Any]]:
        """Rows of ``/groups``; ``agents`` counts endpoints by group."""
        return [self._group(group, agents.get(group.key, 0)) for group in groups()]

    def _group(self, group: Group, agents: int) -> dict[str, Any]:
        dates = self._dates(self.group_ids[group.key])
        del dates["expiration"], dates["unlimitedExpiration"]
        return {
            "id": self.group_ids[group.key],
            "name": group.name,
            "siteId": self.site_ids[group.site],
            "type": "static",
            "isDefault": group.name == "Default Group",
            "totalAgents": agents,
            "rank": None,
            "inherits": True,
            "filterId": None,
            "filterName": None,
            "description": None,
            "registrationToken": "simulated-registration-secret",
            **dates,
        }

    def _dates(self, identity: str) -> dict[str, Any]:
        made = clock.minted_at(int(identity))
        return {
            "creator": "Ines Falk",
            "creatorId": self.owner_id,
            "createdAt": clock.text(made, 120),
            "updatedAt": clock.text(made + 40 * clock.DAY_MS, 260),
            "expiration": None,
            "unlimitedExpiration": True,
        }


def licences() -> dict[str, Any]:
    surfaces = [{"name": "Total Agents", "count": -1}]
    bundle = {"name": "complete", "displayName": "Complete", "majorVersion": 1, "minorVersion": 3}
    return {"bundles": [{**bundle, "totalSurfaces": -1, "surfaces": surfaces}], "modules": [], "settings": []}
