"""One row of the console as a finding, whatever shape its values come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sources.records import UNREAD, FindingRecord, Flaw, Severity
from connectors.sources.sentinelone.evidence import evidence, fingerprint
from connectors.sources.sentinelone.findings import finding_record, read
from connectors.sources.sentinelone.values import ident
from tests.sources.sentinelone.anything import json_values, patiently
from tests.sources.sentinelone.tenant import risk, risk_without_module


def whole(row: dict[str, Any]) -> FindingRecord:
    record = finding_record(row)
    read(record)
    return record


def test_a_row_of_the_paid_module():
    row = risk(7)
    assert whole(row) == FindingRecord(
        external_id="2228104980801805007",
        fingerprint=fingerprint(evidence(row)[0]),
        endpoint_id="2162143406517023959",
        scanned_at="2026-04-15T10:24:22Z",
        removed=False,
        evidence=evidence(row)[0],
        flaw=Flaw(
            cve="CVE-2024-38063",
            software_vendor="Example & Sons",
            software_name="Example Reader",
            software_version="11.2",
            vendor_severity=Severity.CRITICAL,
            cvss=9.8,
            cvss_version="3.1",
            risk_score=8.1,
            exploit_maturity="Functional",
            remediation_level="Official Fix",
            report_confidence="Confirmed",
            mitigation_status="Not mitigated",
            published_at=datetime(2024, 8, 13, 18, 15, tzinfo=UTC),
        ),
        endpoint_name="fin-lt-0042",
        endpoint_type="laptop",
        endpoint_os="windows",
        detected_at=datetime(2026, 4, 10, 6, 9, 1, 882869, tzinfo=UTC),
    )


def test_a_row_without_the_paid_module():
    record = whole(risk_without_module())
    assert (record.flaw.cvss, record.flaw.cvss_version, record.flaw.risk_score) == (7.0, "3.1", None)
    assert (record.flaw.exploit_maturity, record.flaw.mitigation_status) == ("", "")


@pytest.mark.parametrize("key", ["cveId", "endpointId"])
def test_an_id_too_long_to_be_one_makes_a_record_broken(key: str):
    record = whole(risk(1, **{key: "9" * 65}))
    assert f"“{key}”" in record.lacking
    assert record.flaw is UNREAD


@pytest.mark.parametrize("value", ["absent", None, "", "  ", {}, [], True, "\0", "9" * 65])
def test_a_row_without_an_id_is_no_record(value: Any):
    row = risk(id=value)
    if value == "absent":
        del row["id"]
    with pytest.raises(ValueError, match="id"):
        whole(row)


@pytest.mark.parametrize("key", ["cveId", "endpointId", "applicationName"])
@pytest.mark.parametrize("value", ["absent", None, "", "  ", {}, [], True, "\0"])
def test_a_row_without_what_every_finding_has_is_broken(key: str, value: Any):
    row = risk(application=None, **{key: value})
    if value == "absent":
        del row[key]
    assert f"“{key}”" in whole(row).lacking


def test_ids_as_numbers_become_text_and_fractions_are_refused():
    record = whole(risk(id=2228104980801805001, endpointId=7))
    assert (record.external_id, record.endpoint_id) == ("2228104980801805001", "7")
    with pytest.raises(ValueError, match="id"):
        whole(risk(id=2.228104980801805e18))


@pytest.mark.parametrize(
    ("application", "version", "name"),
    [
        ("Example Reader 11.2", "11.2", "Example Reader"),
        ("Example Reader", "11.2", "Example Reader"),
        ("Example &amp; Reader 11.2", None, "Example & Reader 11.2"),
        ("Reader 2 2", "2", "Reader 2"),
    ],
)
def test_the_name_falls_back_to_the_application_without_its_version(application: str, version: Any, name: str):
    record = whole(risk(applicationName="", application=application, applicationVersion=version))
    assert record.flaw.software_name == name


def test_escaped_names_are_unescaped_once_and_markup_stays_text():
    vendor = "Ubuntu Developers &lt;devel@example.org&gt;"
    record = whole(risk(applicationVendor=vendor, applicationName="A &amp;amp; <script>alert(1)</script>"))
    assert record.flaw.software_vendor == "Ubuntu Developers <devel@example.org>"
    assert record.flaw.software_name == "A &amp; <script>alert(1)</script>"


def test_long_names_stay_whole():
    assert len(whole(risk(applicationName="n" * 600)).flaw.software_name) == 600


def test_a_nul_that_no_database_takes_is_left_out():
    row = risk(applicationName="Ex\0ample", extra={"deep": ["a\0b"]})
    assert whole(row).flaw.software_name == "Example"
    assert "\\u0000" not in evidence(row)[0]


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("CRITICAL", Severity.CRITICAL),
        ("High", Severity.HIGH),
        (" medium ", Severity.MEDIUM),
        ("low", Severity.LOW),
        ("INFO", Severity.INFO),
        ("SEVERE", Severity.UNKNOWN),
        ("", Severity.UNKNOWN),
        (None, Severity.UNKNOWN),
        (3, Severity.UNKNOWN),
        ({}, Severity.UNKNOWN),
    ],
)
def test_severity_in_any_case_and_unknown_otherwise(word: Any, severity: Severity):
    assert whole(risk(severity=word)).flaw.vendor_severity is severity


@pytest.mark.parametrize(
    ("sent", "score"),
    [
        ("7.20", 7.2),
        (7.2, 7.2),
        (7, 7.0),
        ("0", 0.0),
        ("", None),
        (None, None),
        ("n/a", None),
        ("nan", None),
        ("inf", None),
        (float("nan"), None),
        ("11", None),
        (-1, None),
        (True, None),
        ([7], None),
        (10**400, None),
    ],
)
def test_scores_as_text_or_number_and_nothing_else(sent: Any, score: float | None):
    assert whole(risk(riskScore=sent)).flaw.risk_score == score


def test_the_nvd_score_comes_before_the_base_score_even_when_it_is_zero():
    assert whole(risk(nvdBaseScore="0.0", baseScore="7.0")).flaw.cvss == 0.0
    record = whole(risk(nvdBaseScore="", baseScore="7.0", cvssVersion="2.0"))
    assert (record.flaw.cvss, record.flaw.cvss_version) == (7.0, "2.0")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2025-01-20T07:04:04Z", datetime(2025, 1, 20, 7, 4, 4, tzinfo=UTC)),
        ("2025-01-20T07:04:04.5Z", datetime(2025, 1, 20, 7, 4, 4, 500000, tzinfo=UTC)),
        ("2025-01-20T07:04:04.123456789Z", datetime(2025, 1, 20, 7, 4, 4, 123456, tzinfo=UTC)),
        ("2025-01-20T09:04:04+02:00", datetime(2025, 1, 20, 7, 4, 4, tzinfo=UTC)),
        ("2025-01-20T07:04:04", datetime(2025, 1, 20, 7, 4, 4, tzinfo=UTC)),
        ("yesterday", None),
        ("2025-13-40T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        (None, None),
        (1737356644, None),
        ({}, None),
    ],
)
def test_dates_in_utc_or_none(sent: Any, read: datetime | None):
    found = whole(risk(detectionDate=sent)).detected_at
    assert found == read
    assert found is None or found.utcoffset() == UTC.utcoffset(None)


@pytest.mark.parametrize("mark", ["", None, {}, "Default", "Added CVE", "False Negative", {"other": 1}, [1]])
def test_marks_that_say_nothing_of_a_false_positive(mark: Any):
    assert not whole(risk(markType=mark)).false_positive


@pytest.mark.parametrize(
    "mark",
    ["False Positive", "FALSE_POSITIVE", {"description": "False positive"}, {"description": None, "type": "FP"}],
)
def test_marks_of_false_positives(mark: Any):
    assert whole(risk(markType=mark)).false_positive


def test_cve_ids_are_upper_case():
    assert whole(risk(cveId=" cve-2024-1 ")).flaw.cve == "CVE-2024-1"


def test_evidence_is_what_the_console_said_without_what_moves_by_itself():
    row = risk(applicationVendor="A &amp; B", customField={"x": 1}, emptyList=[], nothing=None)
    kept = orjson.loads(evidence(row)[0])
    assert kept["applicationVendor"] == "A &amp; B"
    assert kept["nvdBaseScore"] == "9.80"
    assert kept["customField"] == {"x": 1}
    gone = {"daysDetected", "lastScanDate", "lastScanResult", "markedBy", "reason", "markType", "emptyList", "nothing"}
    gone |= {"endpointName", "endpointType", "osType"}  # stored with the endpoint, where they are kept up to date
    assert not gone & kept.keys()
    assert set(kept) == {k for k, v in row.items() if v not in (None, "", [])} - gone


def test_evidence_holds_no_secrets_at_any_depth():
    secrets: dict[str, Any] = {
        "registrationToken": "s3cret",
        "licenseKey": "s3cret",
        "passphrase": "s3cret",
        "api_token": "s3cret",
    }
    kept = evidence(risk(**secrets, nested={**secrets, "list": [secrets], "fine": 1}))[0]
    kept = orjson.loads(kept)
    assert "s3cret" not in repr(kept)
    assert kept["nested"]["fine"] == 1


def test_evidence_of_bottomless_rows_ends_somewhere():
    deep: Any = 1
    for _ in range(5000):
        deep = {"a": deep}
    assert len(repr(orjson.loads(evidence(risk(deep=deep))[0])["deep"])) < 200


@patiently
@given(st.dictionaries(st.sampled_from(sorted(risk())), json_values), st.booleans())
def test_any_object_is_a_finding_or_broken(changes: dict[str, Any], complete: bool):
    row = {**risk(), **changes} if complete else changes
    if not ident(row.get("id")):
        with pytest.raises(ValueError, match="id"):
            whole(row)
        return
    record = whole(row)
    assert record.external_id
    if record.lacking:
        assert record.flaw is UNREAD
        return
    assert record.flaw.cve
    assert record.flaw.software_name
    assert record.endpoint_id
    assert record.flaw.cvss is None or 0 <= record.flaw.cvss <= 10


@patiently
@given(st.dictionaries(st.sampled_from(sorted(risk())), json_values))
def test_what_is_read_does_not_depend_on_who_reads_it(changes: dict[str, Any]):
    """In another process there is only the text of the evidence."""
    record = finding_record({**risk(), **changes, "id": "7"})
    elsewhere = replace(record, said=None)
    for each in (record, elsewhere):
        read(each)
    assert elsewhere == record
