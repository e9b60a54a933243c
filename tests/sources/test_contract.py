"""What every source in the registry must do, against a tenant of its own kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from connectors.sources.base import Source, SourceConfig, StepState
from connectors.sources.records import TENANT, FindingRecord, Scope, ScopeKind, Severity
from connectors.sources.registry import PRODUCTS, open_source
from connectors.sources.simulator import SimulatedTenant, TenantServer

TOKEN = "token-of-the-contract-0123456789"


@dataclass
class Subject:
    """A source with a tenant behind it, and what a test may do to that tenant."""

    key: str
    source: Source
    tenant: SimulatedTenant
    server: TenantServer

    def rows(self, scope: Scope = TENANT, since: datetime | None = None) -> dict[str, FindingRecord]:
        found = [row for page in self.source.finding_pages(scope, since) for row in page.rows]
        by_id = {row.external_id: row for row in found}
        assert len(by_id) == len(found), "a walk shows every row once"
        return by_id

    def scopes(self, kind: ScopeKind) -> list[Scope]:
        return [Scope(kind, r.external_id) for page in self.source.resources() for r in page if r.kind is kind]


def sentinelone() -> Iterator[Subject]:
    tenant = SimulatedTenant(seed=11, endpoints=24, token=TOKEN)
    with TenantServer(tenant) as server:
        config = SourceConfig(server.url, TOKEN, allowed_networks=("127.0.0.0/8",), allow_http=True)
        source = open_source("sentinelone", config)
        yield Subject("sentinelone", source, tenant, server)
        source.close()


SUBJECTS = {"sentinelone": sentinelone}


@pytest.fixture(params=sorted(PRODUCTS))
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    yield from SUBJECTS[request.param]()


def test_a_pasted_address_becomes_the_origin(subject: Subject):
    clean = subject.source.clean_host
    assert clean(" HTTPS://Console.Example/dashboard/ ") == "https://console.example"
    assert clean(subject.server.url, allow_http=True) == subject.server.url
    for nonsense in ("", "http://console.example", "https://joe:pw@console.example"):
        with pytest.raises(ValueError, match=r"\.$"):
            clean(nonsense)


def test_a_check_goes_through_its_steps(subject: Subject):
    result = subject.source.check()
    assert [s.code for s in result.steps] == ["host", "token", "scope", "findings", "scanning"]
    assert all(s.state in (StepState.OK, StepState.WARNING) for s in result.steps), result.steps
    assert (result.usable, result.can_import) == (True, True)
    assert result.scope in ("tenant", "account", "site")
    assert result.token_expires_at is not None
    assert result.token_expires_at.tzinfo is not None


def test_resources_come_parents_before_children(subject: Subject):
    seen: set[str] = set()
    for page in subject.source.resources():
        for record in page:
            assert record.parent_id is None or record.parent_id in seen
            assert record.external_id not in seen
            assert record.name
            assert record.state in ("active", "expired", "deleted")
            seen.add(record.external_id)
    assert seen


def test_every_finding_is_read_once_and_can_be_placed(subject: Subject):
    rows = subject.rows()
    assert len(rows) == subject.tenant.truth().findings
    endpoints = [e for page in subject.source.endpoint_pages() for e in page.rows]
    assert len(endpoints) == len({e.external_id for e in endpoints}) == subject.tenant.truth().endpoints
    assert {r.endpoint_id for r in rows.values()} <= {e.external_id for e in endpoints}


def test_rows_become_records(subject: Subject):
    for record in subject.rows().values():
        before = record.is_read
        subject.source.read(record)
        assert (before, record.is_read, record.lacking) == (False, True, "")
        assert record.endpoint_id
        assert record.flaw.cve == record.flaw.cve.upper()
        assert record.flaw.software_name
        assert isinstance(record.flaw.vendor_severity, Severity)
        assert record.flaw.cvss is None or 0 <= record.flaw.cvss <= 10
        for moment in (record.detected_at, record.flaw.published_at):
            assert moment is None or moment.tzinfo is UTC
        assert record.evidence


def test_scopes_of_one_kind_share_out_the_tenant(subject: Subject):
    everything = set(subject.rows())
    for kind in (ScopeKind.ACCOUNT, ScopeKind.SITE, ScopeKind.GROUP):
        parts = [set(subject.rows(scope)) for scope in subject.scopes(kind)]
        assert set().union(*parts) == everything
        assert sum(map(len, parts)) == len(everything)


def test_a_walk_goes_on_from_a_cursor(subject: Subject):
    pages = list(subject.source.finding_pages(TENANT))
    assert len(pages) > 1, "the tenant must be larger than a page for this to mean anything"
    assert pages[-1].next_cursor is None
    assert pages[0].total == sum(len(p.rows) for p in pages)
    rest = list(subject.source.finding_pages(TENANT, cursor=pages[0].next_cursor))
    assert [r.external_id for p in rest for r in p.rows] == [r.external_id for p in pages[1:] for r in p.rows]


def test_fingerprints_stay_while_nothing_changes(subject: Subject):
    first, second = subject.rows(), subject.rows()
    assert {k: r.fingerprint for k, r in first.items()} == {k: r.fingerprint for k, r in second.items()}


def test_a_delta_tells_what_a_full_read_would(subject: Subject):
    before = subject.rows()
    since = subject.tenant.now
    subject.tenant.advance()
    after, delta = subject.rows(), subject.rows(since=since)
    gone = before.keys() - after.keys()
    changed = {k for k, r in after.items() if k not in before or before[k].fingerprint != r.fingerprint}
    assert gone
    assert changed
    assert gone == {k for k, r in delta.items() if r.removed} & before.keys()
    assert changed <= delta.keys()
    assert not any(r.removed for r in after.values())


def test_endpoints_since_then_are_fewer(subject: Subject):
    everything = [e for page in subject.source.endpoint_pages() for e in page.rows]
    changed = [e for page in subject.source.endpoint_pages(since=datetime(2100, 1, 1, tzinfo=UTC)) for e in page.rows]
    assert everything
    assert changed == []


def test_requests_are_counted_and_none_of_them_writes(subject: Subject):
    subject.source.check()
    subject.rows()
    list(subject.source.endpoint_pages())
    assert subject.source.requests_made == len(subject.server.log)
    assert subject.server.scans_started == 0
    assert {entry.method for entry in subject.server.log if "token" not in entry.path} == {"GET"}


def test_the_token_shows_in_no_repr(subject: Subject):
    assert TOKEN not in repr(subject.source) + repr(vars(subject.source))


def test_every_product_is_under_contract():
    assert SUBJECTS.keys() == PRODUCTS.keys()
