"""A ledger is arithmetic that anybody can check, and its rules hold for every fact there can be."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.severity.factors import ASPECTS, ASPECTS_OF, DEFAULTS, FACTORS, Of, bits_of, codes_of, touching
from issues.severity.facts import Facts, Surface
from issues.severity.ledger import Scale, ledger, settle
from issues.severity.levels import BANDS, Level
from issues.severity.weights import LIMIT

TODAY = date(2026, 11, 22)
MATURITIES = ("Unproven", "Proof of Concept", "Functional", "High")
FIXES = ("Official Fix", "Temporary Fix", "Unavailable")
CONFIDENCES = ("Unknown", "Reasonable", "Confirmed")
ENVIRONMENTS = ("development", "staging", "production")

days_ago = st.integers(0, 4000).map(lambda days: TODAY - timedelta(days=days))
shares = st.none() | st.floats(0, 1)
counts = st.integers(0, 3000)


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    findings = draw(counts)
    part = st.integers(0, findings)
    gone = draw(part)
    return Facts(
        vendor_severity=draw(st.sampled_from(Level)),
        today=TODAY,
        risk_score=draw(st.none() | st.floats(0, 10)),
        cvss=draw(st.none() | st.floats(0, 10)),
        kev=draw(st.none() | st.booleans()),
        ransomware=draw(st.none() | st.booleans()),
        epss=draw(shares),
        percentile=draw(shares),
        exploit_maturity=draw(st.sampled_from(("", "Not Defined", "functional", "PROOF_OF_CONCEPT", *MATURITIES))),
        remediation_level=draw(st.sampled_from(("", "Not Defined", *FIXES))),
        report_confidence=draw(st.sampled_from(("", "Not Defined", *CONFIDENCES))),
        published=draw(st.none() | days_ago),
        findings=findings,
        false_positives=draw(part),
        first_seen=draw(st.none() | days_ago),
        endpoints=draw(counts),
        surface=draw(st.none() | st.sampled_from(Surface)),
        unknown_surfaces=draw(part),
        public_address=draw(st.booleans()),
        gone=gone,
        silent=draw(st.integers(0, findings - gone)),
        application=draw(st.sampled_from(("", "Payroll"))),
        business_priority=draw(st.none() | st.integers(1, 5)),
        environment=draw(st.sampled_from(("", *ENVIRONMENTS))),
        internet_facing=draw(st.booleans()),
        sensitive_data=draw(st.booleans()),
    )


@st.composite
def any_weights(draw: st.DrawFn) -> dict[str, float]:
    """Whatever an admin may save: signs and the order within an aspect are kept."""
    weights: dict[str, float] = {}
    for aspect in ASPECTS:
        signs = [1 if factor.weight > 0 else -1 for factor in aspect.factors]
        sizes = [draw(st.integers(0, round(LIMIT * 10))) * sign / 10 for sign in signs]
        weights |= dict(zip((f.code for f in aspect.factors), sorted(sizes), strict=True))
    return weights


@given(any_facts(), any_weights())
def test_start_plus_weights_clamped_is_the_score(facts, weights):
    made = ledger(facts, weights)
    total = made.start + sum(entry["weight"] for entry in made.entries)
    assert made.score == pytest.approx(min(max(total, 0.0), 10.0), abs=1e-9)
    assert made.score == round(made.score, 1)


@given(any_facts(), any_weights())
def test_score_and_level_stay_in_their_bounds_and_belong_together(facts, weights):
    made = ledger(facts, weights)
    lowest, highest = BANDS[made.level]
    assert lowest <= made.score <= highest
    assert 0.0 <= made.start <= 10.0
    assert (made.level is Level.UNKNOWN) <= (facts.vendor_severity is Level.UNKNOWN)


@given(any_facts(), any_weights())
def test_the_same_facts_give_the_same_ledger(facts, weights):
    assert ledger(facts, weights) == ledger(facts._replace(), dict(reversed(weights.items())))


@given(any_facts(), any_weights())
def test_what_is_in_kev_is_high_or_worse(facts, weights):
    made = ledger(facts._replace(kev=True), weights)
    assert made.level >= Level.HIGH


@given(any_facts(), any_weights())
def test_the_vendor_severity_is_an_input_and_stays_one(facts, weights):
    lowest, highest = BANDS[facts.vendor_severity]
    if facts.vendor_severity is not Level.UNKNOWN:
        assert lowest <= ledger(facts, weights).start <= highest


@given(any_facts(), any_weights(), st.integers())
def test_the_order_of_the_factors_makes_no_difference(facts, weights, seed):
    made = ledger(facts, weights)
    codes = list(codes_of(made.bits))
    Random(seed).shuffle(codes)
    rated = facts.vendor_severity is not Level.UNKNOWN or made.start > 0
    assert settle(made.start, rated, codes, weights)[:2] == (made.score, made.level)


@given(any_facts(), any_weights())
def test_every_factor_that_speaks_stands_in_the_ledger_also_against_others(facts, weights):
    made = ledger(facts, weights)
    heard = {entry["code"] for entry in made.entries} & set(FACTORS)
    if made.level is not Level.UNKNOWN and (facts.vendor_severity is not Level.UNKNOWN or made.start > 0):
        assert heard == {code for code in touching(facts) if weights[code]}


SCALES = {
    "exploit_maturity": MATURITIES,
    "remediation_level": FIXES,
    "report_confidence": CONFIDENCES,
    "environment": ENVIRONMENTS,
}
CHANCES = {"epss": 1.0, "percentile": 1.0, "cvss": 10.0, "risk_score": 10.0}
later = st.integers(0, 2000).map(lambda days: timedelta(days=days))


def worsenings(facts: Facts) -> dict[str, st.SearchStrategy]:
    """By fact, its values that are worse than the known one."""
    found: dict[str, st.SearchStrategy] = {
        **dict.fromkeys(("kev", "ransomware", "internet_facing", "public_address", "sensitive_data"), st.just(True)),
        "endpoints": counts.map(lambda more: facts.endpoints + more),
        "false_positives": st.integers(0, facts.false_positives),
        "gone": st.integers(0, facts.gone),
        "silent": st.integers(0, facts.silent),
        "published": later.map(lambda time: min((facts.published or TODAY) + time, TODAY)),
        "first_seen": later.map(lambda time: (facts.first_seen or TODAY) - time),
        "business_priority": st.integers(1, facts.business_priority or 1),
        "surface": st.sampled_from([surface for surface in Surface if surface >= (facts.surface or 0)]),
        "vendor_severity": st.sampled_from([level for level in Level if level >= facts.vendor_severity]),
    }
    found |= {name: st.floats(getattr(facts, name) or 0, most) for name, most in CHANCES.items()}
    found |= {
        name: st.sampled_from(words[words.index(getattr(facts, name)) :])
        for name, words in SCALES.items()
        if getattr(facts, name) in words
    }
    unrated = facts.vendor_severity is Level.UNKNOWN  # rating it is news, not worse news
    known = {name for name in found if getattr(facts, name) is not None}
    return {name: found[name] for name in known - ({"vendor_severity"} if unrated else set())}


@st.composite
def worse(draw: st.DrawFn) -> tuple[Facts, Facts]:
    """The same facts twice, in the second one of them being worse."""
    facts = draw(any_facts())
    options = worsenings(facts)
    name = draw(st.sampled_from(sorted(options)))
    return facts, facts._replace(**{name: draw(options[name])})


@given(worse(), any_weights())
def test_a_worse_fact_never_lowers_the_score(pair, weights):
    facts, worsened = pair
    assert ledger(worsened, weights).score >= ledger(facts, weights).score


def test_nothing_known_adds_nothing():
    made = ledger(Facts(Level.HIGH, TODAY, cvss=8.1), DEFAULTS)
    assert (made.start, made.entries, made.score, made.level) == (8.1, [], 8.1, Level.HIGH)


ABSENT = {
    "kev": None, "ransomware": None, "epss": None, "exploit_maturity": "", "remediation_level": "",
    "report_confidence": "", "published": None, "first_seen": None, "surface": None, "business_priority": None,
    "environment": "", "internet_facing": False, "public_address": False, "sensitive_data": False, "endpoints": 0,
    "false_positives": 0, "gone": 0, "silent": 0,
}  # fmt: skip


@given(any_facts(), st.sets(st.sampled_from(sorted(ABSENT))))
def test_an_absent_fact_brings_no_factor(facts, absent):
    """Taking facts away only takes factors away, but for the two that weigh a share of what is left."""
    less = touching(facts._replace(**{name: ABSENT[name] for name in absent}))
    shared = {"endpoints_silent", "endpoints_gone"}
    assert set(less) - shared <= set(touching(facts)) - shared


OF = {
    Of.CVE: (
        "kev", "ransomware", "epss", "percentile", "exploit_maturity", "remediation_level", "report_confidence",
        "published",
    ),
    Of.APPLICATION: ("application", "business_priority", "environment", "internet_facing", "sensitive_data"),
    Of.FINDINGS: (
        "findings", "false_positives", "first_seen", "endpoints", "surface", "unknown_surfaces", "public_address",
        "gone", "silent",
    ),
}  # fmt: skip


@given(any_facts(), any_weights())
def test_what_is_said_of_the_facts_of_one_kind_alone_is_put_together_in_any_order(facts, weights):
    apart = [Facts(Level.UNKNOWN, TODAY, **{name: getattr(facts, name) for name in names}) for names in OF.values()]
    reasons: dict[str, str] = {}
    for of, part in reversed([*zip(OF, apart, strict=True)]):
        reasons |= touching(part, ASPECTS_OF[of])
    assert reasons == touching(facts)
    made = ledger(facts, weights)
    assert Scale(weights).ledger(facts.vendor_severity, made.start, reasons) == made


def test_every_fact_is_named_in_the_tests_above():
    told = set(ABSENT) | {"vendor_severity", "today", "risk_score", "cvss", "percentile", "findings"}
    assert set(Facts._fields) - told == {"application", "unknown_surfaces"}


@given(st.sets(st.sampled_from(sorted(FACTORS))))
def test_factors_fit_into_one_number_and_come_out_again(codes):
    assert set(codes_of(bits_of(frozenset(codes)))) == codes
    assert bits_of(frozenset(codes)) < 2**63


def test_bits_are_given_once():
    assert len({factor.bit for factor in FACTORS.values()}) == len(FACTORS)
