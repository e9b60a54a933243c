from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from connectors.sources.simulator import SimulatedTenant, catalogue, clock
from tests.sources.simulator.conftest import EPOCH

SAMPLES = Path(__file__).parents[3] / "../shared/samples"
PAID = {
    "nvdBaseScore", "nvdCvssVersion", "riskScore", "exploitCodeMaturity", "remediationLevel", "reportConfidence",
    "mitigationStatus", "mitigationStatusReason", "mitigationStatusChangedBy", "mitigationStatusChangeTime",
}  # fmt: skip
BANDS = {"CRITICAL": (9.0, 10.0), "HIGH": (7.0, 8.9), "MEDIUM": (4.0, 6.9), "LOW": (0.1, 3.9)}


@pytest.mark.parametrize("sku", ["none", "vm"])
def test_the_paid_module_decides_which_fields_there_are(sku: str):
    for row in SimulatedTenant(seed=3, endpoints=3, epoch=EPOCH, sku=sku).rows(removed=True):
        assert PAID & set(row) == (PAID if sku == "vm" else set())
        assert ("baseScore" in row) == (sku == "none")


@pytest.mark.skipif(not SAMPLES.exists(), reason="the recorded answers of real consoles are not here")
@pytest.mark.parametrize(
    ("sku", "sample"), [("none", "elastic/risks_page.json"), ("vm", "other/risk_row_svm_sku.json")]
)
def test_rows_have_the_fields_of_real_ones(sku: str, sample: str):
    real = json.loads((SAMPLES / sample).read_text())
    row = next(SimulatedTenant(seed=3, endpoints=3, epoch=EPOCH, sku=sku).rows())
    assert set(row) == set(real["data"][0] if "data" in real else real)


def test_scores_are_texts_that_fit_the_severity(tenant: SimulatedTenant):
    without = 0
    for row in tenant.rows():
        score = row["nvdBaseScore"]
        without += score is None
        if score is not None:
            assert re.fullmatch(r"\d{1,2}\.\d\d", score)
            low, high = BANDS[row["severity"]]
            assert low <= float(score) <= high, row["cveId"]
    assert without


def test_marks_come_as_text_object_and_null(tenant: SimulatedTenant):
    kinds = {type(row["markType"]) for row in SimulatedTenant(epoch=EPOCH).rows()}
    assert kinds == {str, dict, type(None)}


def test_invented_vulnerabilities_are_plain_to_see():
    real = {found.cve for found in catalogue.published(clock.to_ms(EPOCH))}
    invented = catalogue.invented(7, clock.to_ms(EPOCH))
    assert {"CVE-2021-44228", "CVE-2025-0411", "CVE-2021-3156"} <= real
    assert all(re.fullmatch(r"CVE-20\d\d-9\d{5}", found.cve) for found in invented)
    assert len({found.cve for found in invented}) == len(invented)


def test_nobody_has_a_vulnerability_that_his_version_fixed():
    fixed = {(found.cve, found.software): found.fixed for found in catalogue.published(clock.to_ms(EPOCH))}
    versions = catalogue.software()["7zip"].versions
    assert versions[fixed["CVE-2025-0411", "7zip"]] == "24.09"
    assert fixed["CVE-2025-11001", "7zip"] == len(versions)
    seen = {row["applicationVersion"] for row in SimulatedTenant(epoch=EPOCH).rows() if row["cveId"] == "CVE-2025-0411"}
    assert seen
    assert "24.09" not in seen


def test_the_catalogue_names_only_software_it_has():
    names = catalogue.software()
    assert 110 <= len(names) <= 140
    assert any("&lt;" in product.vendor for product in names.values())
    assert all(found.software in names for found in catalogue.published(clock.to_ms(EPOCH)))
