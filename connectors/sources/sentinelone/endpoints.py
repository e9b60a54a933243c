"""One agent of the console as an endpoint. Only the fields named here are taken, so no secret comes along."""

from __future__ import annotations

from typing import Any

from connectors.sources.exceptions import BrokenRecord
from connectors.sources.records import BrokenRow, EndpointPage, EndpointRecord
from connectors.sources.sentinelone.evidence import sample
from connectors.sources.sentinelone.paging import RawPage
from connectors.sources.sentinelone.values import Raw, ident, moment, name, required_ident, text

Pairs = tuple[tuple[str, str], ...]


def endpoint_page(page: RawPage) -> EndpointPage:
    rows: list[EndpointRecord] = []
    broken: list[BrokenRow] = []
    for raw in page.rows:
        try:
            rows.append(endpoint_record(raw if isinstance(raw, dict) else {}))
        except BrokenRecord as error:
            broken.append(BrokenRow(error.sentence, sample(raw)))
    return EndpointPage(rows, page.next_cursor, page.total, tuple(broken))


def endpoint_record(raw: Raw) -> EndpointRecord:
    """``BrokenRecord`` when the agent has no id. Without a computer name it goes by its id."""
    external_id = required_ident(raw, "id")
    provider, cloud = _cloud(raw.get("cloudProviders"))
    directory = raw.get("activeDirectory")
    active = raw.get("isActive")
    return EndpointRecord(
        external_id=external_id,
        name=name(raw.get("computerName")) or external_id,
        uuid=ident(raw.get("uuid")),
        type=text(raw.get("machineType")).lower(),
        os=text(raw.get("osType")).lower(),
        os_name=name(raw.get("osName")),
        domain=text(raw.get("domain")),
        account_id=ident(raw.get("accountId")),
        account_name=name(raw.get("accountName")),
        site_id=ident(raw.get("siteId")),
        site_name=name(raw.get("siteName")),
        group_id=ident(raw.get("groupId")),
        group_name=name(raw.get("groupName")),
        customer_id=text(raw.get("externalId")),
        external_ip=text(raw.get("externalIp")),
        ou=text(directory.get("computerDistinguishedName")) if isinstance(directory, dict) else "",
        cloud_provider=provider,
        cloud_account=ident(cloud.get("cloudAccount")),
        tags=_tags(raw.get("tags")),
        cloud_tags=_cloud_tags(cloud.get("cloudTags")),
        agent_version=text(raw.get("agentVersion")),
        active=active if isinstance(active, bool) else None,
        decommissioned=raw.get("isDecommissioned") is True or raw.get("isUninstalled") is True,
        last_active_at=moment(raw.get("lastActiveDate")),
    )


def _tags(value: Any) -> Pairs:
    own = value.get("sentinelone") if isinstance(value, dict) else None
    tags = [t for t in own if isinstance(t, dict)] if isinstance(own, list) else []
    pairs = {(text(t.get("key")), text(t.get("value"))) for t in tags}
    return tuple(sorted(p for p in pairs if p[0]))


def _cloud(value: Any) -> tuple[str, Raw]:
    """The provider's name and what it says of the machine: ``{"AWS": {…}}`` for one in a cloud, ``{}`` otherwise."""
    if isinstance(value, dict):
        for provider, facts in value.items():
            if isinstance(facts, dict):
                return text(provider), facts
    return "", {}


def _cloud_tags(value: Any) -> Pairs:
    items = value if isinstance(value, list) else [value]
    return tuple(sorted({pair for pair in map(_cloud_tag, items) if pair}))


def _cloud_tag(item: Any) -> tuple[str, str] | None:
    """``key=value``, ``key: value`` or an object. A sentence in their place says why there are no tags."""
    if isinstance(item, dict):
        key, value = text(item.get("key") or item.get("Key")), text(item.get("value") or item.get("Value"))
        return (key, value) if key else None
    plain = text(item)
    for sign in ("=", ":"):
        key, found, value = plain.partition(sign)
        if found and key.strip():
            return key.strip(), value.strip()
    return (plain, "") if plain and " " not in plain else None
