"""Published answers of real consoles, read where they lie."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.sources.records import FindingRecord, Severity
from connectors.sources.sentinelone.calls import ACCOUNTS, SITES
from connectors.sources.sentinelone.endpoints import endpoint_record
from connectors.sources.sentinelone.findings import finding_record, read
from connectors.sources.sentinelone.paging import RawPage
from connectors.sources.sentinelone.resources import resource_records
from connectors.sources.sentinelone.rows import finding_page
from connectors.sources.sentinelone.source import SentinelOneSource
from tests.sources.console import Console, Reply

SAMPLES = Path(__file__).parents[3] / "../shared/samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="needs the published samples, which are not ours to ship")


def whole(record: FindingRecord) -> FindingRecord:
    read(record)
    return record


def load(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text())


def test_rows_of_a_tenant_without_the_module():
    page = finding_page(RawPage(load("elastic/risks_page.json")["data"], None, 4))
    records = [whole(record) for record in page.rows]
    assert len(records) == 4
    assert not page.broken
    assert (records[0].flaw.cve, records[0].flaw.cvss, records[0].flaw.risk_score) == ("CVE-2025-0411", 7.0, None)
    assert records[3].flaw.software_vendor == "VMware, Inc."


def test_a_row_of_a_tenant_with_the_module():
    record = whole(finding_record(load("other/risk_row_svm_sku.json")))
    assert (record.external_id, record.flaw.vendor_severity) == ("risk-1", Severity.HIGH)
    assert (record.flaw.cvss, record.flaw.risk_score, record.flaw.exploit_maturity) == (8.8, 7.2, "Proof of Concept")


def test_an_agent_and_the_scopes():
    record = endpoint_record(load("elastic/agent_event.json"))
    assert (record.name, record.type, record.tags) == ("user-test", "server", (("key123", "value123"),))
    pages = load("sentinelone/scope_pages.spec_skeleton.json")
    (account,) = resource_records(ACCOUNTS, RawPage(pages["GET /web/api/v2.1/accounts"]["data"], None, 1))
    (site,) = resource_records(SITES, RawPage(pages["GET /web/api/v2.1/sites"]["data"]["sites"], None, 1))
    assert site.parent_id == account.external_id
    assert account.endpoints == 120


def test_every_published_refusal_fails_a_check_with_a_sentence(console: Console, source: SentinelOneSource):
    for case in load("sentinelone/error_bodies.json")["cases"]:
        detail = {"errors": [{"code": 1, "detail": case.get("detail_only"), "title": "x"}]}
        body = case["raw"].encode() if "raw" in case else case.get("json", detail)
        console.answer("/application-management/risks", Reply(body, case["status"]))
        step = source.check().failed_step
        assert step is not None, case["name"]
        assert step.code == "findings"
        assert step.sentence.endswith((".", "”")), step.sentence
        assert "spec example shows a token" not in step.sentence
