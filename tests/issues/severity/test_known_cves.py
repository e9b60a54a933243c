"""The default weights, tried on CVEs that everybody knows; the documentation shows the same tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from issues.severity.factors import DEFAULTS
from issues.severity.ledger import ledger
from issues.severity.levels import Level
from tests.issues.severity.known_cves import PLACES, facts_of, known, table, weights_table

ROOT = Path(__file__).parents[3]
REAL_KEV = ROOT / "../shared/data/known_exploited_vulnerabilities.json"
DOCS = ROOT / "docs/severity.md"


def levels(row) -> dict[str, Level]:
    facts = facts_of(row)
    return {name: ledger(facts._replace(**place), DEFAULTS).level for name, place in PLACES.items()}


def test_there_are_enough_of_both_kinds():
    assert len(known()) >= 40
    assert sum(bool(row.kev) for row in known()) >= 20
    assert sum(not row.kev for row in known()) >= 15


@pytest.mark.skipif(not REAL_KEV.exists(), reason="needs the catalogue that CISA publishes")
def test_the_table_says_of_kev_what_cisa_says():
    entries = json.loads(REAL_KEV.read_text())["vulnerabilities"]
    said = {e["cveID"]: "ransomware" if e["knownRansomwareCampaignUse"] == "Known" else "kev" for e in entries}
    assert {row.cve: row.kev for row in known()} == {row.cve: said.get(row.cve, "") for row in known()}


@pytest.mark.parametrize("row", known(), ids=lambda row: row.cve)
def test_an_expert_would_nod(row):
    found = levels(row)
    assert found["internet-facing, priority 1"] >= found["production server"] >= found["office laptop"]
    assert found["office laptop"] >= found["development laptop, priority 4"]
    if row.kev:
        assert min(found.values()) >= Level.HIGH
        assert found["internet-facing, priority 1"] is Level.CRITICAL
    if row.maturity == "Unproven" and row.epss == "very low":
        assert found["development laptop, priority 4"] is Level.LOW
        assert found["office laptop"] < Level.HIGH


@pytest.mark.parametrize(("name", "made"), [("cves", table), ("weights", weights_table)])
def test_the_documentation_shows_what_the_code_does(name, made):
    text = DOCS.read_text()
    shown = text.partition(f"<!-- {name} -->\n")[2].partition(f"\n<!-- end of {name} -->")[0]
    assert shown == made(), "Write the table anew: python -m tests.issues.severity.known_cves docs/severity.md"
