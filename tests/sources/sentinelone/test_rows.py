"""Fingerprints: the same finding has the same one, in every process; another finding has another."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sources.sentinelone.findings import finding_record
from connectors.sources.sentinelone.paging import RawPage
from connectors.sources.sentinelone.rows import finding_page
from tests.sources.sentinelone.anything import json_values, patiently
from tests.sources.sentinelone.tenant import risk


def test_what_a_finding_is_known_by():
    raw = risk(3, id=2228104980801805003, endpointId=55)
    (row,) = finding_page(RawPage([raw], None, None)).rows
    assert (row.external_id, row.endpoint_id) == ("2228104980801805003", "55")
    assert row.scanned_at == "2026-04-15T10:24:22Z"
    assert row.removed is False
    assert len(row.fingerprint) == 16
    assert int(row.fingerprint, 16) >= 0


@pytest.mark.parametrize(
    "moved",
    [
        {"daysDetected": 21},
        {"lastScanDate": "2026-04-16T10:24:22Z"},
        {"lastScanResult": "Failed"},
        {"endpointName": "renamed"},
        {"endpointType": "desktop"},
        {"osType": "linux"},
    ],
)
def test_what_moves_by_itself_or_belongs_to_the_endpoint_changes_nothing(moved: dict[str, Any]):
    assert finding_record(risk(**moved)).fingerprint == finding_record(risk()).fingerprint


@pytest.mark.parametrize(
    "key", ["severity", "riskScore", "mitigationStatus", "markType", "status", "endpointId", "newField"]
)
def test_everything_else_changes_it(key: str):
    assert finding_record({**risk(), key: "other"}).fingerprint != finding_record(risk()).fingerprint


def test_a_value_that_moves_to_another_field_changes_it():
    assert (
        finding_record(risk(reason="a", markedBy=None)).fingerprint
        != finding_record(risk(reason=None, markedBy="a")).fingerprint
    )


def test_a_field_that_goes_missing_changes_it():
    row = risk(reason="Accepted")
    before = finding_record(row).fingerprint
    del row["reason"]
    assert finding_record(row).fingerprint != before


def test_a_field_that_says_nothing_is_as_good_as_missing():
    row = risk(reason=None)
    before = finding_record(row).fingerprint
    del row["reason"]
    assert finding_record(row).fingerprint == finding_record(risk(reason="")).fingerprint == before


def test_the_order_of_fields_does_not_matter():
    row = risk(nested={"a": 1, "b": 2})
    turned = dict(reversed(row.items())) | {"nested": {"b": 2, "a": 1}}
    assert finding_record(turned).fingerprint == finding_record(row).fingerprint


def test_it_is_the_same_in_another_process():
    code = "from tests.sources.sentinelone.tenant import risk\n"
    code += (
        "from connectors.sources.sentinelone.findings import finding_record\nprint(finding_record(risk()).fingerprint)"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == finding_record(risk()).fingerprint


@pytest.mark.parametrize(
    ("status", "removed"), [("Removed", True), ("REMOVED", True), ("Detected", False), (None, False), ([], False)]
)
def test_removed_rows_are_told_apart(status: Any, removed: bool):
    (row,) = finding_page(RawPage([risk(status=status)], None, None)).rows
    assert row.removed is removed


@pytest.mark.parametrize("scanned", [None, 5, {}, "absent"])
def test_a_row_without_scan_date_is_a_row(scanned: Any):
    raw = risk(lastScanDate=scanned)
    if scanned == "absent":
        del raw["lastScanDate"]
    (row,) = finding_page(RawPage([raw], None, None)).rows
    assert row.scanned_at in ("", "5")


def test_rows_that_cannot_be_identified_are_broken_and_the_rest_is_kept():
    odd: list[Any] = [None, "text", 5, [], risk(id=None), risk(id=""), risk(id=1.5), {}]
    page = finding_page(RawPage([risk(1), *odd, risk(2)], "next", 10))
    assert [r.external_id[-1] for r in page.rows] == ["1", "2"]
    assert [b.reason for b in page.broken] == ["The row is not a JSON object."] * 4 + [
        "The row has no usable “id”."
    ] * 4
    assert (page.next_cursor, page.total) == ("next", 10)


def test_samples_of_broken_rows_are_short_and_hold_no_secrets():
    raw = risk(id=None, registrationToken="s3cret", note="ApiToken abcdefgh123456", applicationName="n" * 5000)
    (broken,) = finding_page(RawPage([dict(reversed(raw.items()))], None, None)).broken
    assert len(broken.sample) <= 200
    assert "s3cret" not in broken.sample
    assert "abcdefgh123456" not in broken.sample


@patiently
@given(st.lists(json_values | st.dictionaries(st.sampled_from(sorted(risk())), json_values), max_size=4))
def test_any_list_is_a_page(rows: list[Any]):
    page = finding_page(RawPage(rows, None, None))
    assert len(page.rows) + len(page.broken) == len(rows)
