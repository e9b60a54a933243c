"""Which accounts and sites a token sees, and which of them are no longer served."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sources.exceptions import PermissionMissing, SourceError
from connectors.sources.records import ResourceRecord, ScopeKind
from connectors.sources.sentinelone.calls import ACCOUNTS, SITES, Call
from connectors.sources.sentinelone.client import Client, Params
from connectors.sources.sentinelone.paging import first_page
from connectors.sources.sentinelone.resources import resource_records

SHOWN = 3  # names in a sentence


@dataclass(frozen=True, slots=True)
class Reach:
    """The first page of both is enough here: a tenant can have 1,500 sites."""

    accounts: tuple[ResourceRecord, ...] = ()
    sites: tuple[ResourceRecord, ...] = ()
    total_accounts: int = 0
    total_sites: int = 0

    @property
    def scope(self) -> str:
        if not self.accounts:
            return "site" if self.sites else ""
        return "tenant" if self.total_accounts > 1 else "account"

    @property
    def params(self) -> Params:
        """The filter for one active account, or site where the token sees no account."""
        for records in (self.accounts, self.sites):
            if records:
                one = next((r for r in records if r.state == "active"), records[0])
                return {"accountIds" if one.kind is ScopeKind.ACCOUNT else "siteIds": one.external_id}
        return {}

    def sentence(self) -> str:
        counts = ((self.total_accounts, "account"), (self.total_sites, "site"))
        return "The token sees " + " and ".join(_counted(n, noun) for n, noun in counts if n) + "."

    def expired_sentence(self) -> str:
        """A warning that names what has expired; empty when nothing has."""
        expired = [r for r in (*self.accounts, *self.sites) if r.state == "expired"]
        if not expired:
            return ""
        names = ", ".join(f"{r.kind} {r.name}" for r in expired[:SHOWN])
        more = f" and {len(expired) - SHOWN} more" if len(expired) > SHOWN else ""
        return f"Expired at SentinelOne: {names}{more}. Renew the licence there; until then nothing new is found."


def reach(client: Client) -> Reach:
    """Raises ``PermissionMissing`` when the token sees neither an account nor a site."""
    refused: SourceError | None = None
    accounts: tuple[list[ResourceRecord], int] = ([], 0)
    sites: tuple[list[ResourceRecord], int] = ([], 0)
    try:
        accounts = _look(client, ACCOUNTS)
    except PermissionMissing as error:
        refused = error  # a token of one site may not list accounts
    try:
        sites = _look(client, SITES)
    except SourceError as error:
        refused = error
    if not accounts[0] and not sites[0]:
        raise refused or PermissionMissing(
            "The token sees no account and no site. Give its user a role in the account or site to import."
        )
    return Reach(tuple(accounts[0]), tuple(sites[0]), accounts[1], sites[1])


def _look(client: Client, call: Call) -> tuple[list[ResourceRecord], int]:
    page = first_page(client, call, {"limit": str(call.limit)})
    records = list(resource_records(call, page))
    return records, max(page.total or 0, len(records))


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
