"""Rules as tables: which one decides, what is late, and how it is said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.compliance.rules import Cell, Control, Rule, tally, touched
from issues.compliance.standards import DEADLINES, STANDARDS, read
from issues.severity.levels import Level
from tests.architecture.imports import ROOT

EXPLOITED = Rule(14, "", kev=True)
CRITICAL = Rule(30, "", by_standard=True, at_least=Level.CRITICAL)
MEDIUM = Rule(90, "", at_least=Level.MEDIUM)
ANY = Rule(None, "")
CONTROL = Control("1", "Patches", (EXPLOITED, CRITICAL, MEDIUM))


def control(standard: str, id: str) -> Control:
    return next(c for s in STANDARDS if s.key == standard for c in s.controls if c.id == id)


@pytest.mark.parametrize(
    ("severity", "kev", "rule"),
    [
        (Level.CRITICAL, False, CRITICAL),
        (Level.CRITICAL, True, EXPLOITED),
        (Level.HIGH, False, MEDIUM),
        (Level.MEDIUM, False, MEDIUM),
        (Level.LOW, False, None),
        (Level.LOW, True, EXPLOITED),
        (Level.UNKNOWN, False, None),
        (Level.UNKNOWN, True, EXPLOITED),
    ],
)
def test_the_first_rule_that_fits_decides(severity, kev, rule):
    assert CONTROL.rule_for(severity, kev=kev) is rule


def test_every_issue_is_counted_once_and_late_by_its_own_deadline():
    cells = [
        Cell(Level.CRITICAL, True, 14, 1),  # late: exploited
        Cell(Level.CRITICAL, False, 14, 2),  # in time
        Cell(Level.CRITICAL, False, 30, 4),  # late
        Cell(Level.HIGH, False, 30, 8),  # in time
        Cell(Level.MEDIUM, False, 180, 16),  # late
        Cell(Level.LOW, False, 180, 32),  # nobody asks
    ]
    assert [(each.issues, each.late) for each in tally(CONTROL, cells)] == [(1, 1), (6, 4), (24, 16)]


def test_what_is_late_is_said_in_words():
    cells = [Cell(Level.CRITICAL, False, 30, 1), Cell(Level.HIGH, False, 90, 1200), Cell(Level.LOW, True, 30, 2)]
    assert [each.sentence for each in tally(CONTROL, cells)] == [
        "2 exploited issues older than 14 days",
        "1 critical issue older than 30 days",
        "1,200 high or medium issues older than 90 days",
    ]
    assert tally(Control("2", "", (ANY,)), cells)[0].sentence == "1,203 issues"
    assert tally(Control("3", "", (Rule(30, "", at_least=Level.LOW),)), [])[0].sentence == (
        "0 critical, high, medium or low issues older than 30 days"
    )


CELLS = st.lists(
    st.builds(Cell, st.sampled_from([level.value for level in Level]), st.booleans(), st.sampled_from([0, *DEADLINES]),
              st.integers(1, 99))
)  # fmt: skip


@given(CELLS)
def test_no_issue_is_counted_twice_and_no_more_are_late_than_there_are(cells):
    for standard in STANDARDS:
        for each in standard.controls:
            found = tally(each, cells)
            assert sum(one.issues for one in found) <= sum(cell.issues for cell in cells)
            assert all(0 <= one.late <= one.issues for one in found)


@given(severity=st.sampled_from(list(Level)), kev=st.booleans(), days=st.integers(0, 400))
def test_one_issue_and_many_are_judged_alike(severity, kev, days):
    age = max((deadline for deadline in DEADLINES if days > deadline), default=0)
    late = {(t.standard.key, t.control.id): t.late for t in touched(STANDARDS, severity, kev=kev, age=timedelta(days))}
    for standard in STANDARDS:
        for each in standard.controls:
            found = tally(each, [Cell(severity, kev, age, 1)])
            assert bool(sum(one.issues for one in found)) == ((standard.key, each.id) in late)
            assert bool(sum(one.late for one in found)) == late.get((standard.key, each.id), False)


def test_a_deadline_of_30_days_is_over_after_the_thirtieth():
    pci = "PCI DSS 4.0.1 6.3.3"
    for age, late in ((timedelta(days=30), False), (timedelta(days=30, seconds=1), True)):
        found = {touch.name: touch.late for touch in touched(STANDARDS, Level.CRITICAL, kev=False, age=age)}
        assert found[pci] is late


@pytest.mark.parametrize(
    ("standard", "id", "severity", "days", "by_standard"),
    [
        ("pci-dss", "6.3.3", Level.CRITICAL, 30, True),  # 4.0.1 went back to critical alone
        ("pci-dss", "6.3.3", Level.HIGH, 90, False),
        ("pci-dss", "6.3.3", Level.MEDIUM, None, False),
        ("pci-dss", "11.3.1", Level.HIGH, 90, False),
        ("nist-800-53", "SI-2", Level.MEDIUM, 90, False),
        ("nist-800-53", "RA-5", Level.HIGH, 30, False),
        ("nist-csf", "PR.PS-02", Level.HIGH, 30, False),
        ("cis", "7.7", Level.LOW, 30, True),
        ("iso-27001", "A.8.8", Level.CRITICAL, 30, False),
        ("soc-2", "CC7.1", Level.HIGH, 30, False),
        ("hipaa", "164.308(a)(1)(ii)(B)", Level.MEDIUM, 90, False),
    ],
)
def test_the_deadlines_are_those_that_were_looked_up(standard, id, severity, days, by_standard):
    rule = control(standard, id).rule_for(severity, kev=False)
    assert (rule.days if rule else None) == days
    assert (rule.by_standard if rule else False) is by_standard


def test_every_deadline_names_its_source():
    rules = [rule for standard in STANDARDS for each in standard.controls for rule in each.rules]
    assert len(rules) > 15
    assert [rule for rule in rules if len(rule.source) < 20 or not rule.source.endswith(".")] == []
    assert {rule.set_by for rule in rules} == {"Set by the standard", "Our reading"}


@pytest.mark.parametrize(
    "rule",
    [
        b'{"days": 1, "set_by": "nobody", "source": ""}',
        b'{"days": 1, "set_by": "us", "source": "", "severity": "high"}',
        b'{"days": 1, "set_by": "us", "source": "", "at_least": "huge"}',
        b'{"days": 1, "set_by": "us"}',
    ],
)
def test_data_that_nobody_can_mean_are_refused(rule):
    with pytest.raises((ValueError, KeyError)):
        read(b'[{"key": "k", "name": "n", "controls": [{"id": "1", "title": "t", "rules": [' + rule + b"]}]}]")


def test_the_documentation_says_what_the_data_say():
    page = (ROOT / "docs" / "compliance.md").read_text()
    told = [line for line in page.split("<!-- deadlines -->")[1].strip().splitlines()[2:] if line]
    known = [
        f"| {standard.name} {each.id} | {(one.what or 'any').capitalize()} | {one.rule.days or 'none'} | "
        f"{'the standard' if one.rule.by_standard else 'our reading'} | {one.rule.source} |"
        for standard in STANDARDS
        for each in standard.controls
        for one in tally(each, [])
    ]
    assert told == known
