"""SentinelOne as a source: what the rest of the product sees of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from connectors.sources.base import CheckResult, SourceConfig
from connectors.sources.exceptions import BadRequest
from connectors.sources.guard import HostGuard
from connectors.sources.http import JsonSession, TokenAuth
from connectors.sources.origin import clean_origin
from connectors.sources.records import (
    EndpointPage,
    FindingPage,
    FindingRecord,
    ResourceRecord,
    Scope,
    ScopeKind,
)
from connectors.sources.sentinelone.calls import AGENTS, RISKS
from connectors.sources.sentinelone.checks import Check
from connectors.sources.sentinelone.client import Client
from connectors.sources.sentinelone.endpoints import endpoint_page
from connectors.sources.sentinelone.findings import read
from connectors.sources.sentinelone.paging import RawPage, walk
from connectors.sources.sentinelone.resources import resource_pages
from connectors.sources.sentinelone.rows import finding_page
from connectors.sources.waits import Waits

SCOPE_PARAMS = {ScopeKind.ACCOUNT: "accountIds", ScopeKind.SITE: "siteIds", ScopeKind.GROUP: "groupIds"}
DECOMMISSIONED_TOO = {"isDecommissioned": "True,False"}


class SentinelOneSource:
    """One tenant with one token, read only. ``waits`` beats those of the configuration."""

    def __init__(self, config: SourceConfig, *, waits: Waits | None = None) -> None:
        guard = HostGuard(config.allowed_networks, allow_http=config.allow_http)
        token = "".join(config.token.split())
        auth = TokenAuth("ApiToken", token)
        self._session = JsonSession(
            config.host_url, guard, auth=auth, waits=waits or config.waits, ca_bundle=config.ca_bundle
        )
        self._client = Client(self._session, token, page_rows=config.page_rows)

    @property
    def requests_made(self) -> int:
        return self._session.requests_made

    @staticmethod
    def clean_host(text: str, *, allow_http: bool = False) -> str:
        return clean_origin(text, allow_http=allow_http)

    def check(self) -> CheckResult:
        with self._session.hurried():
            return Check(self._client).result()

    def resources(self) -> Iterator[list[ResourceRecord]]:
        return resource_pages(self._client)

    def endpoint_pages(self, since: datetime | None = None, cursor: str | None = None) -> Iterator[EndpointPage]:
        changed = {"updatedAt__gte": _instant(since)} if since else {}
        return map(endpoint_page, self._agents(changed, cursor))

    def finding_pages(
        self, scope: Scope, since: datetime | None = None, cursor: str | None = None
    ) -> Iterator[FindingPage]:
        params = {"sortBy": "id", "sortOrder": "asc"}
        if scope.kind in SCOPE_PARAMS:
            params[SCOPE_PARAMS[scope.kind]] = scope.external_id
        if since:
            params |= {"riskUpdatedDate__gte": _instant(since), "includeRemovals": "true"}
        return map(finding_page, walk(self._client, RISKS, params, cursor))

    def read(self, record: FindingRecord) -> None:
        read(record)

    def close(self) -> None:
        self._session.close()

    def _agents(self, params: dict[str, str], cursor: str | None) -> Iterator[RawPage]:
        """Decommissioned ones too, unless the console is too old for the question."""
        pages = walk(self._client, AGENTS, params | DECOMMISSIONED_TOO, cursor)
        try:
            first = next(pages)
        except BadRequest:
            pages = walk(self._client, AGENTS, params, cursor)
        else:
            yield first
        yield from pages


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
