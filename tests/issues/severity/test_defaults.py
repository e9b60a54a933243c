"""What comes out of the default weights, in the words of the people who will look at it."""

from __future__ import annotations

from datetime import date

import pytest

from issues.severity.factors import DEFAULTS
from issues.severity.facts import Facts, Surface
from issues.severity.ledger import ledger
from issues.severity.levels import Level
from issues.severity.weights import BadWeights, complete

TODAY = date(2026, 11, 22)
SEED = Facts(
    Level.HIGH,
    TODAY,
    cvss=8.1,
    kev=False,
    epss=0.0004,
    percentile=0.12,
    exploit_maturity="Unproven",
    surface=Surface.WORKSTATION,
    findings=1,
    endpoints=1,
    business_priority=4,
    environment="development",
)
PORTAL = Facts(
    Level.MEDIUM, TODAY, cvss=5.5, kev=True, surface=Surface.SERVER, environment="production", internet_facing=True
)


@pytest.mark.parametrize("cvss", [7.0, 7.8, 8.1, 8.8, 8.9])
def test_a_vendor_high_on_a_low_priority_development_laptop_becomes_low(cvss):
    made = ledger(SEED._replace(cvss=cvss), DEFAULTS)
    assert made.level is Level.LOW
    assert [entry["code"] for entry in made.entries] == [
        "epss_very_low",
        "exploit_unproven",
        "workstation",
        "development",
        "priority_4",
    ]
    assert {entry["type"] for entry in made.entries} == {"Exploitable", "Reachable", "Damage"}
    assert "0.04 %" in made.entries[0]["reason"]
    assert "12th percentile" in made.entries[0]["reason"]


def test_a_vendor_medium_in_kev_on_an_internet_facing_production_server_goes_up():
    made = ledger(PORTAL, DEFAULTS)
    assert made.level is Level.HIGH
    assert made.score > made.start


def test_kev_holds_a_laptop_nobody_needs_at_high_and_says_so():
    made = ledger(SEED._replace(cvss=7.2, kev=True), DEFAULTS)
    assert made.score == 7.0
    assert made.entries[-1]["code"] == "kev_floor"
    assert made.entries[-1]["weight"] == pytest.approx(3.8)


def test_factors_alone_never_make_a_rated_vulnerability_vanish_into_info():
    made = ledger(SEED._replace(vendor_severity=Level.LOW, cvss=2.0), DEFAULTS)
    assert (made.score, made.level, made.entries[-1]["code"]) == (0.1, Level.LOW, "low_floor")


def test_an_unrated_vulnerability_stays_unknown_unless_it_is_in_kev():
    unrated = SEED._replace(vendor_severity=Level.UNKNOWN, cvss=None)
    assert ledger(unrated, DEFAULTS).level is Level.UNKNOWN
    assert ledger(unrated, DEFAULTS).entries == []
    assert ledger(unrated._replace(kev=True), DEFAULTS).level is Level.HIGH


def test_an_unrated_vulnerability_with_a_cvss_score_begins_there():
    made = ledger(Facts(Level.UNKNOWN, TODAY, cvss=6.4), DEFAULTS)
    assert (made.start, made.level) == (6.4, Level.MEDIUM)


def test_the_score_refines_the_vendor_severity_but_never_leaves_its_band():
    assert ledger(Facts(Level.MEDIUM, TODAY, cvss=9.8), DEFAULTS).start == 6.9
    assert ledger(Facts(Level.HIGH, TODAY, risk_score=7.2, cvss=8.8), DEFAULTS).start == 7.2
    assert ledger(Facts(Level.CRITICAL, TODAY), DEFAULTS).start == 9.5


def test_probable_by_rank_is_not_called_improbable_after_a_new_model():
    shifted = SEED._replace(epss=0.0015, percentile=0.93)
    assert not [e for e in ledger(shifted, DEFAULTS).entries if e["code"].startswith("epss")]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"kev": "much"}, "write a number"),
        ({"kev": float("nan")}, "write a number"),
        ({"kev": 5.1}, "write a number"),
        ({"kev": 1.55}, "write a number"),
        ({"kev": True}, "write a number"),
        ({"kev": -1}, "can only raise"),
        ({"exploit_unproven": 0.5}, "can only lower"),
        ({"epss_very_high": 0.1}, "can't weigh less"),
        ({"nonsense": 1}, "no severity factor"),
    ],
)
def test_weights_that_would_turn_the_order_of_facts_round_are_refused(wanted, said):
    with pytest.raises(BadWeights, match=said):
        complete(wanted, DEFAULTS)


def test_weights_left_out_stay_as_they_are():
    assert complete({"kev": "1,5"}, {"server": 0.3})["kev"] == 1.5
    assert complete({}, {"server": 0.3})["server"] == 0.3
    assert complete({}, {"gone_factor": 0.3}) == DEFAULTS
