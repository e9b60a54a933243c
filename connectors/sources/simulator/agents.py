"""Rows of ``/agents`` and ``/agents/tags``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from connectors.sources.simulator import clock, world
from connectors.sources.simulator.dice import number
from connectors.sources.simulator.endpoints import Endpoint

DOCUMENTATION_NETS = ("192.0.2", "198.51.100", "203.0.113")
INSTALLERS = {"windows": ".msi", "windows_legacy": ".exe", "linux": ".rpm", "macos": ".pkg"}
AGENT_VERSIONS = {"windows": ("24.1.5.277", "23.4.6.347"), "windows_legacy": ("22.3.5.887",),
                  "linux": ("24.1.2.6", "23.4.2.14"), "macos": ("24.1.2.7444", "23.4.1.7125")}  # fmt: skip
NO_TAG_PERMISSION = "Endpoint does not have sufficient permissions to fetch tags"


def agent_row(endpoint: Endpoint, group: int, own: world.World, active_ms: int, updated_ms: int) -> dict[str, Any]:
    """One agent. ``group`` is where it is now, which may not be where it was installed."""
    place = world.groups()[group]
    site = world.SITES[place.site]
    role, roll = endpoint.role, endpoint.roll
    active = not (endpoint.decommissioned or endpoint.stale)
    system = role.systems[roll % len(role.systems)]
    versions = AGENT_VERSIONS[role.os]
    private = f"10.{site.net}.{endpoint.position // 250 % 250}.{endpoint.position % 250 + 2}"
    external = f"{DOCUMENTATION_NETS[place.site % 3]}.{10 + place.site if not site.cloud else roll % 200 + 20}"
    return {
        "id": endpoint.id,
        "uuid": f"{number('uuid', endpoint.id):016x}{number('uuid', roll):016x}",
        "computerName": endpoint.name,
        "accountId": own.account_ids[site.account],
        "accountName": world.ACCOUNTS[site.account],
        "siteId": own.site_ids[place.site],
        "siteName": site.name,
        "groupId": own.group_ids[group],
        "groupName": place.name,
        "activeDirectory": _directory(endpoint, site),
        "activeThreats": 0,
        "agentVersion": versions[(roll >> 12) % len(versions)],
        "appsVulnerabilityStatus": "patch_required" if role.os != "linux" else "not_applicable",
        "cloudProviders": _cloud(endpoint, site),
        "coreCount": 4 + 4 * (roll % 3),
        "createdAt": clock.text(endpoint.registered_ms, roll),
        "domain": endpoint.domain,
        "encryptedApplications": role.type == "laptop",
        "externalId": f"CI{100000 + endpoint.position}" if roll % 3 == 0 else "",
        "externalIp": external,
        "firewallEnabled": True,
        "groupIp": external.rpartition(".")[0] + ".x",
        "infected": False,
        "installerType": INSTALLERS[role.os],
        "isActive": active,
        "isDecommissioned": endpoint.decommissioned,
        "isPendingUninstall": False,
        "isUninstalled": False,
        "isUpToDate": (roll >> 12) % len(versions) == 0,
        "lastActiveDate": clock.text(active_ms, roll),
        "lastIpToMgmt": private,
        "lastLoggedInUserName": endpoint.user if role.type in ("laptop", "desktop") else "",
        "licenseKey": "",
        "locationType": "fallback",
        "machineType": role.type,
        "missingPermissions": [],
        "mitigationMode": "protect",
        "modelName": role.models[roll % len(role.models)],
        "networkInterfaces": [_interface(endpoint, private)],
        "networkStatus": "connected" if active else "disconnected",
        "osArch": "ARM64" if role.os == "macos" else "64 bit",
        "osName": system[0],
        "osRevision": system[1],
        "osType": role.os,
        "osUsername": None,
        "registeredAt": clock.text(endpoint.registered_ms, roll),
        "scanStatus": "finished",
        "tags": {"sentinelone": [_tag(endpoint, key, value, own) for key, value in endpoint.tags.items()]},
        "totalMemory": 16384,
        "updatedAt": clock.text(updated_ms, roll),
        "userActionsNeeded": ["reboot_needed"] if roll % 23 == 0 else [],
    }


def _directory(endpoint: Endpoint, site: world.Site) -> dict[str, Any]:
    if not endpoint.role.unit:
        return dict.fromkeys(("computerDistinguishedName", "lastUserDistinguishedName")) | {"computerMemberOf": []}
    parts = ",".join(f"DC={part}" for part in world.DOMAIN.split("."))
    first, _, last = endpoint.user.title().partition(".")
    return {
        "computerDistinguishedName": f"CN={endpoint.name},OU={endpoint.role.unit},OU={site.name},{parts}",
        "computerMemberOf": [f"CN=Domain Computers,CN=Users,{parts}"],
        "lastUserDistinguishedName": f"CN={first} {last},OU=People,OU={site.name},{parts}",
        "lastUserMemberOf": [],
    }


def _cloud(endpoint: Endpoint, site: world.Site) -> dict[str, Any]:
    if not site.cloud:
        return {}
    labels = [f"{key}={value}" for key, value in endpoint.tags.items()] if endpoint.roll % 9 else NO_TAG_PERMISSION
    common = {"cloudTags": labels or [], "cloudNetwork": f"vpc-0a{site.net}", "cloudImage": "ami-0c55b159cbfafe1f0"}
    if site.cloud == "Azure":
        account = "5f1c2d3e-0000-4000-8000-000000000042"
        return {"Azure": {**common, "cloudAccount": account, "cloudInstanceId": f"vm-{endpoint.position}",
                          "cloudLocation": "westeurope", "cloudInstanceSize": "Standard_D4s_v5",
                          "azureResourceGroup": "rg-analytics"}}  # fmt: skip
    account = "000000000090" if site.code == "PAY" else "000000000100"
    return {"AWS": {**common, "cloudAccount": account, "cloudInstanceId": f"i-{endpoint.roll:016x}",
                    "cloudLocation": "eu-central-1", "cloudInstanceSize": "m6i.large", "awsRole": None,
                    "awsSecurityGroups": [f"sg-{site.code.lower()}"],
                    "awsSubnetIds": [f"subnet-{site.net}"]}}  # fmt: skip


def _interface(endpoint: Endpoint, private: str) -> dict[str, Any]:
    mac = f"00:00:5e:00:53:{endpoint.position % 256:02x}"
    gateway = private.rpartition(".")[0] + ".1"
    return {"id": str(int(endpoint.id) + 1), "name": "Ethernet", "inet": [private], "inet6": [], "physical": mac,
            "gatewayIp": gateway, "gatewayMacAddress": "00:00:5e:00:53:01"}  # fmt: skip


def tag_id(key: str, value: str) -> str:
    return str(clock.mint(world.FOUNDED_MS + 9 * clock.DAY_MS + number("tag", key, value) % 60_000, 7))


def _tag(endpoint: Endpoint, key: str, value: str, own: world.World) -> dict[str, Any]:
    assigned = clock.text(endpoint.registered_ms + 7_200_000, endpoint.roll)
    return {"id": tag_id(key, value), "key": key, "value": value, "assignedAt": assigned, "assignedBy": "Ines Falk",
            "assignedById": own.owner_id}  # fmt: skip


def tag_rows(endpoints: Iterable[Endpoint], own: world.World) -> list[dict[str, Any]]:
    """Rows of ``/agents/tags``: every key and value in use, with its number of endpoints."""
    counts = Counter(pair for endpoint in endpoints for pair in endpoint.tags.items())
    return [_definition(key, value, count, own) for (key, value), count in sorted(counts.items())]


def _definition(key: str, value: str, count: int, own: world.World) -> dict[str, Any]:
    made = clock.text(clock.minted_at(int(tag_id(key, value))), 5)
    return {"id": tag_id(key, value), "key": key, "value": value, "description": "", "type": "agents",
            "scopeId": own.account_ids[0], "scopeLevel": "global", "scopePath": "Global", "totalEndpoints": count,
            "endpointsInCurrentScope": count, "allowEdit": True, "createdAt": made, "createdBy": "Ines Falk",
            "updatedAt": made, "updatedBy": "Ines Falk"}  # fmt: skip
