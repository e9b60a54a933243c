from __future__ import annotations

import pytest

from connectors.sources.simulator import SimulatedTenant, TenantServer, world
from tests.sources.simulator.conftest import EPOCH, RISKS, Console


def ids(rows: list[dict]) -> list[str]:
    return [row["id"] for row in rows]


def test_a_walk_sees_what_the_tenant_tells_of_itself(tenant: SimulatedTenant, console: Console):
    truth = tenant.truth()
    rows = console.walk(limit=1000)
    assert len(set(ids(rows))) == len(rows) == truth.findings
    for word, count in truth.by_severity.items():
        assert sum((row["severity"] or "") == word for row in rows) == count
    assert {(r["cveId"], r["applicationVendor"], r["applicationName"]) for r in rows} == truth.cve_software
    assert len({row["endpointId"] for row in rows}) == truth.affected_endpoints


@pytest.mark.parametrize("revision", [0, 2])
@pytest.mark.parametrize("limit", [97, 1000])
def test_sites_and_groups_divide_the_tenant(tenant: SimulatedTenant, console: Console, revision: int, limit: int):
    for _ in range(revision):
        tenant.advance()
    truth = tenant.truth()
    by_site = {key: len(console.walk(siteIds=key, limit=limit)) for key in truth.by_site}
    by_group = {key: len(console.walk(groupIds=key, limit=1000)) for key in truth.by_group}
    assert (by_site, by_group) == (truth.by_site, truth.by_group)
    both = ",".join(list(by_site)[:2])
    assert len(console.walk(siteIds=both, limit=1000)) == sum(list(by_site.values())[:2])


FILTERS = [
    ({"severities": "CRITICAL,HIGH"}, lambda row: row["severity"] in ("CRITICAL", "HIGH")),
    ({"cveId__contains": "2023-4863,44228"}, lambda row: "2023-4863" in row["cveId"] or "44228" in row["cveId"]),
    ({"endpointName__contains": "fra1-"}, lambda row: "FRA1-" in row["endpointName"]),
    ({"application__contains": "chrome"}, lambda row: "Chrome" in row["application"]),
    ({"vendors": "Igor Pavlov"}, lambda row: row["applicationVendor"] == "Igor Pavlov"),
    ({"osTypes": "linux"}, lambda row: row["osType"] == "linux"),
    ({"detectionDate__gte": "2025-09-01T00:00:00Z"}, lambda row: row["detectionDate"] >= "2025-09-01"),
    ({"detectionDate__lt": "2025-09-01T00:00:00Z"}, lambda row: row["detectionDate"] < "2025-09-01"),
    ({"publishedDate__gt": "1750000000000"}, lambda row: row["publishedDate"] >= "2025-06-15T15:06:40Z"),
    ({"mitigationStatus": "ON_HOLD"}, lambda row: row["mitigationStatus"] == "On hold"),
    ({"riskScore__between": "5-8.9"}, lambda row: row["riskScore"] and 5 <= float(row["riskScore"]) <= 8.9),
    ({"analystVerdict": "False Positive"}, lambda row: "False Positive" in str(row["markType"])),
]


@pytest.mark.parametrize(("query", "wanted"), FILTERS, ids=[next(iter(query)) for query, _ in FILTERS])
def test_each_filter_finds_exactly_its_rows(tenant: SimulatedTenant, console: Console, query, wanted):
    tenant.advance()
    found = console.walk(limit=333, **query)
    assert found == [row for row in tenant.rows() if wanted(row)]
    assert found


def test_removed_rows_come_only_when_asked_for(tenant: SimulatedTenant, console: Console):
    rows = console.walk(limit=1000, includeRemovals="true")
    states = [row["status"] for row in rows]
    assert states.count("Removed") == tenant.truth().removed > 0
    assert {row["status"] for row in console.walk(limit=1000)} == {"Detected"}


def test_the_order_can_be_turned_and_changed(console: Console):
    ascending = console.walk(limit=1000, sortBy="id")
    assert ids(console.walk(limit=1000, sortBy="id", sortOrder="desc")) == ids(ascending)[::-1]
    by_cve = console.walk(limit=1000, sortBy="cveId")
    assert [row["cveId"] for row in by_cve] == sorted(row["cveId"] for row in ascending)


def test_ten_rows_come_by_default_and_a_thousand_can_be_skipped(console: Console):
    rows = console.walk(limit=1000)
    assert console.get(RISKS).json()["data"] == rows[:10]
    assert console.get(RISKS, skip=1000, limit=1).json()["data"] == [rows[1000]]


def test_counts_alone_and_pages_without_count(tenant: SimulatedTenant, console: Console):
    count = console.get(RISKS, countOnly="true").json()
    assert count == {"data": [], "pagination": {"nextCursor": None, "totalItems": tenant.truth().findings}}
    assert console.get(RISKS, skipCount="true").json()["pagination"]["totalItems"] == 0


def test_accounts_sites_and_groups_fit_together(console: Console):
    accounts = {row["id"] for row in console.walk("/accounts", limit=1)}
    sites = console.walk("/sites", limit=5)
    groups = console.walk("/groups", limit=7)
    assert {row["accountId"] for row in sites} == accounts
    assert {row["siteId"] for row in groups} == {row["id"] for row in sites}
    assert len(sites) == len(world.SITES)
    assert {row["state"] for row in sites} == {"active", "expired"}
    assert "accountId" not in groups[0]
    one = console.walk("/groups", accountIds=sites[0]["accountId"], limit=300)
    assert {row["siteId"] for row in one} == {row["id"] for row in sites if row["accountId"] == sites[0]["accountId"]}
    assert [row["name"] for row in console.walk("/sites", name__contains="hamburg")] == ["Hamburg Office"]


def test_agents_leave_out_the_decommissioned_unless_asked():
    tenant = SimulatedTenant(seed=3, endpoints=200, epoch=EPOCH)
    truth = tenant.truth()
    with TenantServer(tenant) as server:
        console = Console(server)
        present = console.walk("/agents", limit=90)
        gone = console.walk("/agents", limit=1000, isDecommissioned="True")
        assert len(console.walk("/agents", limit=1000, isDecommissioned="True,False")) == truth.endpoints
    assert len(gone) == truth.decommissioned > 0
    assert len(present) == truth.endpoints - truth.decommissioned
    assert {row["id"] for row in present + gone} >= {row["endpointId"] for row in tenant.rows()}


def apps(agent: dict) -> set[str]:
    return {tag["value"] for tag in agent["tags"]["sentinelone"] if tag["key"] == "app"}


def test_agents_are_found_by_their_tags(tenant: SimulatedTenant, console: Console):
    found = console.walk("/agents", limit=1000, tagsData='{"app":["payments-api"]}')
    everyone = [tenant.agent(n) for n in range(24)]
    wanted = [row["id"] for row in everyone if apps(row) == {"payments-api"} and not row["isDecommissioned"]]
    assert ids(found) == wanted != []
    used = set().union(*map(apps, everyone))
    assert {row["value"] for row in console.walk("/agents/tags", limit=1000, key="app")} == used


def test_some_endpoints_have_no_tag_and_clouds_tell_theirs(tenant: SimulatedTenant):
    everyone = [tenant.agent(n) for n in range(24)]
    assert any(not row["tags"]["sentinelone"] for row in everyone)
    assert {provider for row in everyone for provider in row["cloudProviders"]} == {"AWS", "Azure"}


def test_kept_pages_read_the_same_until_the_tenant_changes():
    keeps = SimulatedTenant(seed=3, endpoints=12, epoch=EPOCH, cache_bytes=1_000_000)
    with TenantServer(keeps) as server:
        console = Console(server)
        assert console.walk(limit=400) == console.walk(limit=400) == list(keeps.rows())
        keeps.advance()
        assert console.walk(limit=400) == list(keeps.rows())
