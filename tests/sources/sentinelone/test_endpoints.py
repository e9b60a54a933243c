"""Agents as endpoints, and accounts, sites and groups as resources."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sources.exceptions import BrokenRecord, PermissionMissing
from connectors.sources.records import EndpointRecord, ScopeKind
from connectors.sources.sentinelone.endpoints import endpoint_page, endpoint_record
from connectors.sources.sentinelone.paging import RawPage
from connectors.sources.sentinelone.source import SentinelOneSource
from tests.sources.console import Console, error, page
from tests.sources.sentinelone.anything import json_values, patiently
from tests.sources.sentinelone.tenant import ACCOUNT_ID, SITE_ID, account, agent, group, site, sites_page


def test_an_agent_with_all_that_rules_may_ask():
    assert endpoint_record(agent(1)) == EndpointRecord(
        external_id="2162143406517023001",
        name="fin-lt-0042",
        uuid="0e7c9a51",
        type="laptop",
        os="windows",
        os_name="Windows 11 Pro",
        domain="CORP",
        account_id=ACCOUNT_ID,
        account_name="Example Account",
        site_id=SITE_ID,
        site_name="Head office",
        group_id="2010956595000000003",
        group_name="Finance",
        customer_id="asset-9",
        external_ip="81.2.69.143",
        ou="CN=FIN-LT-0042,OU=Finance,DC=corp",
        tags=(("app", "payroll"),),
        agent_version="24.1.2.6",
        active=True,
        last_active_at=datetime(2026, 4, 15, 10, 24, 22, 506000, tzinfo=UTC),
    )


def test_a_bare_agent_needs_only_an_id():
    assert endpoint_record({"id": 5}) == EndpointRecord(external_id="5", name="5")


@pytest.mark.parametrize("raw", [{}, {"id": None}, {"id": ""}, {"id": {}}])
def test_an_agent_without_id_is_broken(raw: dict[str, Any]):
    with pytest.raises(BrokenRecord, match="“id”"):
        endpoint_record(raw)


@pytest.mark.parametrize(
    ("tags", "pairs"),
    [
        (None, ()),
        ({}, ()),
        ({"sentinelone": None}, ()),
        ({"sentinelone": "none"}, ()),
        (
            {"sentinelone": [{"key": "b", "value": 2}, {"key": "a", "value": None}, {"value": "x"}, 5]},
            (("a", ""), ("b", "2")),
        ),
    ],
)
def test_tags_of_any_shape(tags: Any, pairs: Any):
    assert endpoint_record(agent(tags=tags)).tags == pairs


@pytest.mark.parametrize(
    ("cloud_tags", "pairs"),
    [
        (["Name=web-1", "env: prod", "solo"], (("Name", "web-1"), ("env", "prod"), ("solo", ""))),
        ([{"Key": "app", "Value": "shop"}], (("app", "shop"),)),
        (["Endpoint does not have sufficient permissions to fetch tags"], ()),
        ("Endpoint does not have sufficient permissions to fetch tags", ()),
        (None, ()),
    ],
)
def test_cloud_tags_or_the_sentence_in_their_place(cloud_tags: Any, pairs: Any):
    record = endpoint_record(agent(cloudProviders={"AWS": {"cloudAccount": 123456789012, "cloudTags": cloud_tags}}))
    assert (record.cloud_provider, record.cloud_account) == ("AWS", "123456789012")
    assert record.cloud_tags == pairs


@pytest.mark.parametrize("gone", [{"isDecommissioned": True}, {"isUninstalled": True}])
def test_agents_that_are_gone(gone: dict[str, bool]):
    assert endpoint_record(agent(**gone)).decommissioned is True


def test_no_secret_of_an_agent_is_taken():
    record = endpoint_record(agent(licenseKey="s3cret", passphrase="s3cret", registrationToken="s3cret"))
    assert "s3cret" not in repr(asdict(record))


def test_broken_agents_are_counted_and_show_no_secret():
    page = endpoint_page(RawPage([agent(1), {"licenseKey": "s3cret", "computerName": "x"}, None, "text"], None, 4))
    assert len(page.rows) == 1
    assert len(page.broken) == 3
    assert "s3cret" not in repr(page.broken)


@patiently
@given(st.dictionaries(st.sampled_from(sorted(agent())), json_values), st.booleans())
def test_any_agent_is_an_endpoint_or_broken(changes: dict[str, Any], complete: bool):
    row = {**agent(), **changes} if complete else changes
    page = endpoint_page(RawPage([row], None, None))
    assert len(page.rows) + len(page.broken) == 1


def test_resources_come_parents_first(source: SentinelOneSource):
    pages = list(source.resources())
    records = [r for p in pages for r in p]
    assert [(r.kind, r.name, r.parent_id, r.endpoints) for r in records] == [
        (ScopeKind.ACCOUNT, "Example Account", None, 120),
        (ScopeKind.SITE, "Head office", ACCOUNT_ID, 100),
        (ScopeKind.GROUP, "Finance", SITE_ID, 12),
    ]
    assert "must-not-show" not in repr(records)


def test_states_and_odd_resources(console: Console, source: SentinelOneSource):
    console.answer(
        "/accounts", page([account(state="EXPIRED", activeAgents=-1, name="A &amp; B"), {"name": "no id"}, None])
    )
    console.answer("/sites", sites_page(site(state="deleted", accountId=None, activeLicenses="7")))
    accounts, sites, _ = source.resources()
    assert [(r.name, r.state, r.endpoints) for r in accounts] == [("A & B", "expired", None)]
    assert [(r.state, r.parent_id, r.endpoints) for r in sites] == [("deleted", None, 7)]


def test_a_token_of_one_site_sees_sites_without_parents(console: Console, source: SentinelOneSource):
    console.answer("/accounts", error(403, "Action is not allowed to site users"))
    records = [r for p in source.resources() for r in p]
    assert [(r.kind, r.parent_id) for r in records] == [(ScopeKind.SITE, None), (ScopeKind.GROUP, SITE_ID)]


def test_groups_that_may_not_be_read_are_left_out(console: Console, source: SentinelOneSource):
    console.answer("/groups", error(403))
    assert [r.kind for p in source.resources() for r in p] == [ScopeKind.ACCOUNT, ScopeKind.SITE]


def test_sites_that_may_not_be_read_are_an_error(console: Console, source: SentinelOneSource):
    console.answer("/sites", error(403))
    with pytest.raises(PermissionMissing, match="Sites: view"):
        list(source.resources())


def test_many_pages_of_resources(console: Console, source: SentinelOneSource):
    console.answer("/groups", page([group(id="1")], "b"), page([group(id="2")]))
    assert [r.external_id for p in source.resources() for r in p if r.kind is ScopeKind.GROUP] == ["1", "2"]
