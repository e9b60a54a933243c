"""Read only: what the client can send at all, and what it sends."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime

from connectors.sources.records import TENANT, Scope, ScopeKind
from connectors.sources.sentinelone import calls, client
from connectors.sources.sentinelone.source import SentinelOneSource
from tests.sources.console import Console, Reply, error, page
from tests.sources.sentinelone.tenant import TOKEN, agent, risk

EVERY_CALL = {
    ("GET", "/system/status"),
    ("GET", "/system/info"),
    ("GET", "/user"),
    ("POST", "/users/api-token-details"),
    ("GET", "/accounts"),
    ("GET", "/sites"),
    ("GET", "/groups"),
    ("GET", "/agents"),
    ("GET", "/application-management/risks"),
    ("GET", "/application-management/settings"),
}
RISKS = "/application-management/risks"
SINCE = datetime(2026, 4, 1, 8, 30, tzinfo=UTC)


def test_the_whole_list_of_calls():
    assert {(c.method, c.path) for c in calls.CALLS} == EVERY_CALL
    written = {c for c in vars(calls).values() if isinstance(c, calls.Call)}
    assert written == set(calls.CALLS)
    assert not any("scan" in c.path or "passphrase" in c.path for c in calls.CALLS)


def test_the_client_sends_only_listed_calls():
    source = inspect.getsource(client)
    assert "/web/" not in source
    assert source.count("self._session.post(") == 1
    assert source.count("self._session.post(calls.TOKEN_DETAILS") == 1


def test_everything_a_source_can_do_stays_within_the_list(console: Console, source: SentinelOneSource):
    console.answer("/user", error(403))
    console.answer("/users/api-token-details", Reply({"data": {"expiresAt": "2027-03-01T10:00:00Z"}}))
    source.check()
    list(source.resources())
    list(source.endpoint_pages())
    list(source.finding_pages(TENANT))
    assert {(a.method, a.path) for a in console.asked} == EVERY_CALL


def test_the_host_is_proved_before_the_token_is_sent(console: Console, source: SentinelOneSource):
    source.check()
    assert console.asked[0].path == "/system/status"
    assert console.asked[0].token is None
    assert {a.token for a in console.asked[1:]} == {f"ApiToken {TOKEN}"}


def test_limits_stay_within_what_the_console_allows(console: Console, source: SentinelOneSource):
    list(source.resources())
    list(source.endpoint_pages())
    list(source.finding_pages(TENANT))
    limits = {a.path: int(a.query["limit"]) for a in console.asked}
    assert limits == {"/accounts": 1000, "/sites": 1000, "/groups": 300, "/agents": 1000, RISKS: 1000}


def test_a_full_read_of_each_kind_of_scope(console: Console, source: SentinelOneSource):
    console.answer(RISKS, lambda asked: page([risk()], None if "cursor" in asked.query else "second"))
    for kind, name in ((ScopeKind.ACCOUNT, "accountIds"), (ScopeKind.SITE, "siteIds"), (ScopeKind.GROUP, "groupIds")):
        console.asked.clear()
        list(source.finding_pages(Scope(kind, "77")))
        first, second = [a.query for a in console.asked]
        assert first == {"sortBy": "id", "sortOrder": "asc", "limit": "1000", name: "77"}
        assert second == {**first, "cursor": "second", "skipCount": "true"}


def test_a_read_of_the_whole_tenant_names_no_scope(console: Console, source: SentinelOneSource):
    list(source.finding_pages(TENANT))
    assert console.asked[0].query == {"sortBy": "id", "sortOrder": "asc", "limit": "1000"}


def test_a_delta_asks_for_changes_and_removals(console: Console, source: SentinelOneSource):
    list(source.finding_pages(TENANT, since=SINCE))
    assert console.asked[0].query["riskUpdatedDate__gte"] == "2026-04-01T08:30:00.000000Z"
    assert console.asked[0].query["includeRemovals"] == "true"


def test_a_walk_can_begin_in_the_middle(console: Console, source: SentinelOneSource):
    list(source.finding_pages(TENANT, cursor="halfway"))
    assert console.asked[0].query["cursor"] == "halfway"


def test_endpoints_come_with_the_decommissioned_ones(console: Console, source: SentinelOneSource):
    list(source.endpoint_pages(since=SINCE))
    query = console.asked[0].query
    assert query["isDecommissioned"] == "True,False"
    assert query["updatedAt__gte"] == "2026-04-01T08:30:00.000000Z"


def test_an_old_console_is_asked_for_endpoints_in_its_own_words(console: Console, source: SentinelOneSource):
    refused = error(400, "dict_values(['isDecommissioned']): Unknown field")
    console.answer("/agents", lambda a: refused if "isDecommissioned" in a.query else page([agent()], total=1))
    pages = list(source.endpoint_pages(since=SINCE))
    assert [len(p.rows) for p in pages] == [1]
    assert console.asked[-1].query["updatedAt__gte"]
