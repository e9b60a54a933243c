"""Accounts, sites and groups as the things a person can select. Their secrets are never read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from connectors.sources.exceptions import BrokenRecord, PermissionMissing
from connectors.sources.records import ResourceRecord, ScopeKind
from connectors.sources.sentinelone.calls import ACCOUNTS, GROUPS, SITES, Call
from connectors.sources.sentinelone.client import Client
from connectors.sources.sentinelone.paging import RawPage, walk
from connectors.sources.sentinelone.values import Raw, count, ident, name, required_ident, text


def resource_pages(client: Client) -> Iterator[list[ResourceRecord]]:
    """Parents before children. A token of one site may not see accounts; its sites then have no parent."""
    try:
        yield from _pages(client, ACCOUNTS)
        orphaned = False
    except PermissionMissing:
        orphaned = True
    for records in _pages(client, SITES):
        yield [replace(r, parent_id=None) for r in records] if orphaned else records
    try:
        yield from _pages(client, GROUPS)
    except PermissionMissing:
        return  # sites can be selected without them


def resource_records(call: Call, page: RawPage) -> Iterator[ResourceRecord]:
    """The accounts, sites or groups of one page; what has no id can't be selected and is passed over."""
    for raw in page.rows:
        try:
            yield RECORD_OF[call](raw if isinstance(raw, dict) else {})
        except BrokenRecord:
            continue


def _pages(client: Client, call: Call) -> Iterator[list[ResourceRecord]]:
    for page in walk(client, call):
        yield list(resource_records(call, page))


def _account(raw: Raw) -> ResourceRecord:
    return ResourceRecord(
        ScopeKind.ACCOUNT, required_ident(raw, "id"), _name(raw), _state(raw), endpoints=count(raw.get("activeAgents"))
    )


def _site(raw: Raw) -> ResourceRecord:
    parent = ident(raw.get("accountId")) or None
    used = count(raw.get("activeLicenses"))
    return ResourceRecord(ScopeKind.SITE, required_ident(raw, "id"), _name(raw), _state(raw), parent, used)


def _group(raw: Raw) -> ResourceRecord:
    parent = ident(raw.get("siteId")) or None
    agents = count(raw.get("totalAgents"))
    return ResourceRecord(ScopeKind.GROUP, required_ident(raw, "id"), _name(raw), "active", parent, agents)


def _name(raw: Raw) -> str:
    return name(raw.get("name")) or ident(raw.get("id"))


def _state(raw: Raw) -> str:
    return text(raw.get("state")).lower() or "active"


RECORD_OF = {ACCOUNTS: _account, SITES: _site, GROUPS: _group}
